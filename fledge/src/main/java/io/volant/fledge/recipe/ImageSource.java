package io.volant.fledge.recipe;

import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Where a container image comes from. */
public sealed interface ImageSource {
  /**
   * It is there already.
   *
   * @param text as the recipe has it, such as {@code docker://alpine:3.20} or {@code oci:image}
   * @param folder what relative paths in it are relative to
   */
  record Reference(String text, Path folder) implements ImageSource {}

  /**
   * It is to be built.
   *
   * @param file the Dockerfile
   * @param context the folder that it copies from
   * @param target the stage to build; null: the last one
   * @param arguments values for its ARG lines, by name
   */
  record Dockerfile(Path file, Path context, @Nullable String target, Map<String, String> arguments)
      implements ImageSource {
    /** Copies the map. */
    public Dockerfile {
      arguments = Collections.unmodifiableMap(new TreeMap<>(arguments));
    }
  }
}
