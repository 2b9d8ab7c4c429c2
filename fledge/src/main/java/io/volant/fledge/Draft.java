package io.volant.fledge;

import io.volant.fledge.tree.FileTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The build so far: the tree that becomes the image, and files that are written but do not have
 * their names yet. Closing it removes the latter, so a build that ends early leaves nothing.
 */
final class Draft implements AutoCloseable {
  private final FileTree tree = new FileTree();
  private final Map<Path, Path> unpublished = new LinkedHashMap<>();
  private @Nullable String imageSha256;

  FileTree tree() {
    return tree;
  }

  /** A new name beside the final one, for writing until {@link #publish}. */
  Path temporaryFor(Path finalName) {
    Path temporary =
        finalName.resolveSibling(
            "." + finalName.getFileName() + "." + ProcessHandle.current().pid() + ".part");
    unpublished.put(temporary, finalName);
    return temporary;
  }

  /** Gives every written file its final name, in the order of writing, or none of them. */
  void publish() throws IOException {
    for (Path finalName : unpublished.values()) {
      if (Files.isDirectory(finalName)) {
        throw new IOException(finalName + " is a folder");
      }
    }
    for (var file : unpublished.entrySet()) {
      Files.move(file.getKey(), file.getValue(), StandardCopyOption.ATOMIC_MOVE);
    }
    unpublished.clear();
  }

  void imageWritten(String sha256) {
    imageSha256 = sha256;
  }

  /** The checksum of the image, once it is written. */
  String imageSha256() {
    return Objects.requireNonNull(imageSha256, "the image is not written yet");
  }

  @Override
  public void close() throws IOException {
    for (Path temporary : unpublished.keySet()) {
      Files.deleteIfExists(temporary);
    }
    unpublished.clear();
  }
}
