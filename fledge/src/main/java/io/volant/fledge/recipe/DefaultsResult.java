package io.volant.fledge.recipe;

import java.util.List;

/** What reading the runtime defaults gives. */
public sealed interface DefaultsResult {
  /** They are good as far as can be told before the image is there. */
  record Good(Defaults defaults) implements DefaultsResult {}

  /** The defaults are refused; at least one mistake. */
  record Refused(List<Mistake> mistakes) implements DefaultsResult {
    /** Copies the list. */
    public Refused {
      mistakes = List.copyOf(mistakes);
    }
  }
}
