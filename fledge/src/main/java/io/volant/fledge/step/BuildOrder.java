package io.volant.fledge.step;

import io.volant.fledge.recipe.Defaults;
import io.volant.fledge.recipe.Recipe;
import java.nio.file.Path;

/**
 * Everything that the user decided about one build.
 *
 * @param recipe what goes into the image
 * @param defaults what the manifest says besides
 * @param artifact the absolute path of the image to write
 * @param manifestFile the absolute path of the manifest to write
 */
public record BuildOrder(Recipe recipe, Defaults defaults, Path artifact, Path manifestFile) {
  /** How the name of a manifest ends. */
  public static final String MANIFEST_SUFFIX = ".manifest.json";

  /**
   * Decides the names.
   *
   * @param output a folder, or a file that ends as the recipe's images do
   */
  public static BuildOrder of(Recipe recipe, Defaults defaults, Path output) {
    Path target = output.toAbsolutePath().normalize();
    String fileName = String.valueOf(target.getFileName());
    String suffix = recipe.imageSuffix();
    if (fileName.endsWith(suffix) && !target.toFile().isDirectory()) {
      String stem = fileName.substring(0, fileName.length() - suffix.length());
      return new BuildOrder(
          recipe, defaults, target, target.resolveSibling(stem + MANIFEST_SUFFIX));
    }
    return new BuildOrder(
        recipe,
        defaults,
        target.resolve(defaults.name() + suffix),
        target.resolve(defaults.name() + MANIFEST_SUFFIX));
  }
}
