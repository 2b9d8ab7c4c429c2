package io.volant.manifest;

import java.util.List;

/** What reading a manifest gives. */
public sealed interface ManifestResult {
  /** The manifest is good. */
  record Valid(PluginManifest manifest) implements ManifestResult {}

  /**
   * The manifest is refused.
   *
   * @param problems at least one, at most 50, in the order of their fields
   */
  record Invalid(List<ManifestProblem> problems) implements ManifestResult {
    /** Copies the list. */
    public Invalid {
      problems = List.copyOf(problems);
    }
  }
}
