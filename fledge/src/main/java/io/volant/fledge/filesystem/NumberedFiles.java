package io.volant.fledge.filesystem;

import io.volant.fledge.tree.Content;
import io.volant.fledge.tree.ContentCopy;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Contents on the disk for programs that want files: under numbers, so that no name from an image
 * ever is a path of the host.
 */
final class NumberedFiles {
  private final Path folder;
  private long last;

  /**
   * @param folder an empty one
   */
  NumberedFiles(Path folder) {
    this.folder = folder;
  }

  /**
   * Writes the content to the next file, which only the user may read.
   *
   * @param name whose content it is, for messages
   * @return the file's name in the folder
   */
  String add(String name, Content content) throws IOException {
    last++;
    String number = Long.toString(last);
    Path file = folder.resolve(number);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (OutputStream output = Files.newOutputStream(file, StandardOpenOption.WRITE)) {
      ContentCopy.copy(name, content, output);
    }
    return number;
  }
}
