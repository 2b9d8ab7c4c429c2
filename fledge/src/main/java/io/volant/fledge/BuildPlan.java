package io.volant.fledge;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.report.Progress;
import java.io.IOException;
import java.util.List;

/** The steps of a build, top to bottom. */
final class BuildPlan {
  private final List<BuildStep> steps;

  private BuildPlan(List<BuildStep> steps) {
    this.steps = List.copyOf(steps);
  }

  /** The plan for an initramfs in the default mode. */
  static BuildPlan of(BuildOrder order, Workbench workbench) {
    Recipe recipe = order.recipe();
    return new BuildPlan(
        List.of(
            new LayOutFolders(),
            new AddBusybox(recipe.busybox(), workbench),
            new AddMappings(recipe.mappings()),
            new AddAgent(recipe.agent(), workbench),
            new WriteImage(order.image()),
            new WriteManifest(order),
            new Publish()));
  }

  /** Runs the steps. A failure leaves no file behind and an earlier result untouched. */
  void run(Progress progress) throws BuildFailure {
    try (Draft draft = new Draft()) {
      for (BuildStep step : steps) {
        progress.step(step.title());
        step.run(draft, progress);
      }
    } catch (IOException failure) {
      throw new BuildFailure(
          ExitCode.OUTPUT, "a temporary file could not be removed: " + failure.getMessage());
    }
  }
}
