package io.volant.fledge.step;

import io.volant.fledge.recipe.Defaults;
import io.volant.fledge.recipe.DefaultsReader;
import io.volant.fledge.recipe.DefaultsResult;
import io.volant.fledge.recipe.InitramfsRecipe;
import io.volant.fledge.recipe.Mistake;
import io.volant.fledge.recipe.Recipe;
import io.volant.fledge.recipe.RecipeReader;
import io.volant.fledge.recipe.RecipeResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A recipe and the runtime defaults that go with it, or all that is wrong with the two. */
public sealed interface BuildInput {
  /** The name that the defaults have beside a recipe. */
  String DEFAULTS_FILE = "manifest.toml";

  /** Both are good. */
  record Good(Recipe recipe, Defaults defaults) implements BuildInput {}

  /** At least one mistake. */
  record Refused(List<Mistake> mistakes) implements BuildInput {
    /** Copies the list. */
    public Refused {
      mistakes = List.copyOf(mistakes);
    }
  }

  /**
   * Reads both.
   *
   * @param defaultsFile null: the one beside the recipe, if it is there
   */
  static BuildInput read(Path recipeFile, @Nullable Path defaultsFile) {
    RecipeResult recipe = RecipeReader.read(recipeFile);
    // Without its recipe a manifest.toml that is not there says nothing.
    return Files.exists(recipeFile) || recipe instanceof RecipeResult.Good
        ? of(recipe, defaults(defaultsFile, recipeFile.toAbsolutePath().normalize()))
        : of(recipe, new DefaultsResult.Refused(List.of()));
  }

  /**
   * Puts a recipe that needs no file together with its defaults.
   *
   * @param place a file in the folder that names the plugin, and where the defaults may be
   */
  static BuildInput of(Recipe recipe, @Nullable Path defaultsFile, Path place) {
    return of(
        new RecipeResult.Good(recipe), defaults(defaultsFile, place.toAbsolutePath().normalize()));
  }

  private static BuildInput of(RecipeResult recipe, DefaultsResult defaults) {
    List<Mistake> mistakes = new ArrayList<>();
    if (recipe instanceof RecipeResult.Refused(var refused)) {
      mistakes.addAll(refused);
    }
    if (defaults instanceof DefaultsResult.Refused(var refused)) {
      mistakes.addAll(refused);
    }
    if (recipe instanceof RecipeResult.Good(var good)
        && defaults instanceof DefaultsResult.Good(var read)) {
      Defaults whole =
          good instanceof InitramfsRecipe initramfs ? read.startedBy(initramfs.init()) : read;
      if (good.image() == null) {
        mistakes.addAll(whole.missingWithoutImage());
      }
      if (mistakes.isEmpty()) {
        return new Good(good, whole);
      }
    }
    return new Refused(mistakes);
  }

  private static DefaultsResult defaults(@Nullable Path defaultsFile, Path recipeFile) {
    Path folder = Objects.requireNonNullElse(recipeFile.getParent(), Path.of("/"));
    String folderName = String.valueOf(folder.getFileName());
    if (defaultsFile != null) {
      return DefaultsReader.read(defaultsFile, folderName);
    }
    Path beside = folder.resolve(DEFAULTS_FILE);
    return Files.exists(beside)
        ? DefaultsReader.read(beside, folderName)
        : DefaultsReader.read(DEFAULTS_FILE, new byte[0], folderName);
  }
}
