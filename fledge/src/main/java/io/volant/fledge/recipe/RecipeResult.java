package io.volant.fledge.recipe;

import java.util.List;

/** What reading a recipe gives. */
public sealed interface RecipeResult {
  /** The recipe is good. */
  record Good(Recipe recipe) implements RecipeResult {}

  /** The recipe is refused; at least one mistake, in the order of the file. */
  record Refused(List<Mistake> mistakes) implements RecipeResult {
    public Refused {
      mistakes = List.copyOf(mistakes);
    }
  }
}
