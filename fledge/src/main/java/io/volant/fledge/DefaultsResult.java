package io.volant.fledge;

import io.volant.manifest.PluginManifest;
import java.util.List;

/** What reading the runtime defaults gives. */
sealed interface DefaultsResult {
  /**
   * A manifest that lacks nothing but the image: its boot medium only stands for the one to be
   * built.
   */
  record Good(PluginManifest manifest) implements DefaultsResult {}

  /** The defaults are refused; at least one mistake. */
  record Refused(List<Mistake> mistakes) implements DefaultsResult {
    public Refused {
      mistakes = List.copyOf(mistakes);
    }
  }
}
