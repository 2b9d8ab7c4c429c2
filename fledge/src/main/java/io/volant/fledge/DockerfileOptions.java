package io.volant.fledge;

import io.volant.fledge.recipe.Recipe;
import io.volant.fledge.recipe.RecipeReader;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** The options of {@code fledge build} that stand in for a recipe. */
final class DockerfileOptions {
  @Parameters(
      arity = "0..1",
      paramLabel = "DOCKERFILE",
      description = "Build this Dockerfile, without a recipe.")
  private @Nullable Path positional;

  @Option(names = "--dockerfile", paramLabel = "FILE", description = "The same as DOCKERFILE.")
  private @Nullable Path option;

  @Option(
      names = "--context",
      paramLabel = "FOLDER",
      description = "What the Dockerfile copies from (default: its own folder).")
  private @Nullable Path context;

  @Option(
      names = "--target",
      paramLabel = "STAGE",
      description = "The stage to build (default: the last one).")
  private @Nullable String target;

  @Option(
      names = "--build-arg",
      paramLabel = "NAME=VALUE",
      description = "A value for an ARG line; may be repeated.")
  private Map<String, String> arguments = new LinkedHashMap<>();

  @Option(
      names = "--output-initramfs",
      description = "Make an initramfs with kestrel instead of a root file system.")
  private boolean asInitramfs;

  /** The Dockerfile that was named; null when a recipe is to be read. */
  @Nullable Path file() {
    return positional == null ? option : positional;
  }

  /** Refuses what does not go together. */
  void check(boolean hasRecipe, CommandLine command) {
    if (positional != null && option != null) {
      throw new ParameterException(command, "DOCKERFILE and --dockerfile are the same; give one");
    }
    if (file() != null && hasRecipe) {
      throw new ParameterException(
          command, "a Dockerfile and --config exclude each other; name the Dockerfile in [source]");
    }
    boolean hasMore = context != null || target != null || !arguments.isEmpty() || asInitramfs;
    if (file() == null && hasMore) {
      throw new ParameterException(
          command,
          "--context, --target, --build-arg and --output-initramfs need a DOCKERFILE; with a recipe"
              + " they stand in [source]");
    }
  }

  /** The recipe for the Dockerfile that was named. */
  Recipe recipe(Path dockerfile) {
    Path file = dockerfile.toAbsolutePath().normalize();
    Path beside = Objects.requireNonNullElse(file.getParent(), Path.of("/"));
    Path from = context == null ? beside : context.toAbsolutePath().normalize();
    return RecipeReader.of(file, from, target, arguments, asInitramfs);
  }
}
