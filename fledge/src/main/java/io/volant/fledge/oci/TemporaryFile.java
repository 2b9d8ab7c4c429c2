package io.volant.fledge.oci;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A file that is gone after closing unless it was given its final name. */
final class TemporaryFile implements AutoCloseable {
  private final Path path;

  TemporaryFile(Path path) {
    this.path = path;
  }

  Path path() {
    return path;
  }

  /** Gives it its final name, at once and over what has that name. */
  void moveTo(Path finalName) throws IOException {
    Files.move(path, finalName, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(path);
  }
}
