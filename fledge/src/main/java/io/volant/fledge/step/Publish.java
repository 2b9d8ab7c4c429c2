package io.volant.fledge.step;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.report.Progress;
import java.io.IOException;

/** Gives what was written its name, all at once at the end. */
final class Publish implements BuildStep {
  @Override
  public String title() {
    return "put the results in place";
  }

  @Override
  public void run(Draft draft, Progress progress) throws BuildFailure {
    try {
      draft.publish();
    } catch (IOException failure) {
      throw new BuildFailure(
          ExitCode.OUTPUT, "a result cannot be put in place: " + failure.getMessage());
    }
  }
}
