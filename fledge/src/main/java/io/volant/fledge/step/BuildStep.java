package io.volant.fledge.step;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.Progress;

/** One step of a build. Steps run one after the other on the same draft. */
interface BuildStep {
  /** What the step does, for a person who watches. */
  String title();

  /** Does it, or says why it cannot be done. */
  void run(Draft draft, Progress progress) throws BuildFailure;
}
