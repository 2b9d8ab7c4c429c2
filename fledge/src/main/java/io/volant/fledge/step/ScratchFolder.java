package io.volant.fledge.step;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A folder for what a build needs only meanwhile. Nobody else can look into it. */
final class ScratchFolder implements AutoCloseable {
  private static final Path LARGE = Path.of("/var/tmp");

  private final Path path;

  private ScratchFolder(Path path) {
    this.path = path;
  }

  static ScratchFolder in(Path parent) throws IOException {
    return new ScratchFolder(Files.createTempDirectory(parent, "fledge-"));
  }

  /** Where such folders are on this host: {@code TMPDIR}, else a folder that is on a disk. */
  static Path parentOfHost(@Nullable String tmpdir) {
    if (tmpdir != null && !tmpdir.isEmpty()) {
      return Path.of(tmpdir);
    }
    // /tmp is often in memory, and an image may be larger.
    return Files.isWritable(LARGE) ? LARGE : Path.of(System.getProperty("java.io.tmpdir"));
  }

  Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    Files.walkFileTree(
        path,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            // A container image may have folders that not even their owner may write to.
            Set<PosixFilePermission> all = PosixFilePermissions.fromString("rwx------");
            Files.setPosixFilePermissions(folder, all);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.deleteIfExists(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
