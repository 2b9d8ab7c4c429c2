package io.volant.fledge.recipe;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Paths of the host as a recipe writes them. */
final class HostPath {
  private HostPath() {}

  /** The absolute path, relative ones seen from the folder; null when the text cannot be a path. */
  static @Nullable Path resolve(Path folder, String written) {
    try {
      return folder.resolve(written).normalize();
    } catch (InvalidPathException notAPath) {
      return null;
    }
  }
}
