package io.volant.fledge.recipe;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What to build, as a {@code fledge.toml} or a command line says. */
public sealed interface Recipe permits InitramfsRecipe, RootfsRecipe {
  /** The container image to start from, if any. */
  @Nullable ImageSource image();

  /** What is put into the image besides, in the order of the recipe. */
  List<Mapping> mappings();

  /** What the recipe says without effect, one line each. */
  List<String> warnings();

  /** How the name of the image ends. */
  String imageSuffix();
}
