package io.volant.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Packs a file or tree of this machine, with owners, modes and times. Links are not followed. */
final class Packing {

  private static final int MODE_BITS = 07777;

  private final Path root;
  private final String name;
  private final Consumer<String> complaints;

  /**
   * A packing.
   *
   * @param name what the root is called in the archive
   * @param complaints told what is left out
   */
  Packing(Path root, String name, Consumer<String> complaints) {
    this.root = root;
    this.name = name;
    this.complaints = complaints;
  }

  void run(OutputStream out) throws IOException {
    TarArchiveOutputStream tar = new TarArchiveOutputStream(out, "UTF-8");
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    tar.setAddPaxHeadersForNonAsciiNames(true);
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes)
              throws IOException {
            add(tar, path, attributes);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path path, BasicFileAttributes attributes)
              throws IOException {
            add(tar, path, attributes);
            return FileVisitResult.CONTINUE;
          }
        });
    tar.finish();
    out.flush();
  }

  private void add(TarArchiveOutputStream tar, Path path, BasicFileAttributes attributes)
      throws IOException {
    String below = root.relativize(path).toString();
    String full = below.isEmpty() ? name : name + "/" + below;
    TarArchiveEntry entry;
    if (attributes.isSymbolicLink()) {
      entry = new TarArchiveEntry(full, TarConstants.LF_SYMLINK);
      entry.setLinkName(Files.readSymbolicLink(path).toString());
    } else if (attributes.isDirectory()) {
      entry = new TarArchiveEntry(full + "/");
    } else if (attributes.isRegularFile()) {
      entry = new TarArchiveEntry(full);
      entry.setSize(attributes.size());
    } else {
      complaints.accept("left out, as it is neither file, folder nor link: " + path);
      return;
    }
    Map<String, Object> unix =
        Files.readAttributes(path, "unix:mode,uid,gid", LinkOption.NOFOLLOW_LINKS);
    entry.setMode(number(unix, "mode") & MODE_BITS);
    entry.setUserId(Integer.toUnsignedLong(number(unix, "uid")));
    entry.setGroupId(Integer.toUnsignedLong(number(unix, "gid")));
    entry.setLastModifiedTime(
        FileTime.from(
            attributes
                .lastModifiedTime()
                .toInstant()
                .truncatedTo(java.time.temporal.ChronoUnit.SECONDS)));
    tar.putArchiveEntry(entry);
    if (attributes.isRegularFile()) {
      Files.copy(path, tar);
    }
    tar.closeArchiveEntry();
  }

  private static int number(Map<String, Object> attributes, String name) {
    return attributes.get(name) instanceof Integer number ? number : 0;
  }
}
