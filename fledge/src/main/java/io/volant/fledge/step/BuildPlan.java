package io.volant.fledge.step;

import io.volant.fledge.recipe.FirstProcess;
import io.volant.fledge.recipe.ImageSource;
import io.volant.fledge.recipe.InitramfsRecipe;
import io.volant.fledge.recipe.Recipe;
import io.volant.fledge.recipe.RootfsRecipe;
import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.report.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** The steps of a build, top to bottom. */
public final class BuildPlan {
  private final List<BuildStep> steps;
  private final BuildOrder order;
  private final Workbench workbench;

  private BuildPlan(List<BuildStep> steps, BuildOrder order, Workbench workbench) {
    this.steps = List.copyOf(steps);
    this.order = order;
    this.workbench = workbench;
  }

  /** The plan for what is ordered. */
  public static BuildPlan of(BuildOrder order, Workbench workbench) {
    Recipe recipe = order.recipe();
    List<BuildStep> steps = new ArrayList<>(imageSteps(order, workbench));
    steps.addAll(
        switch (recipe) {
          case InitramfsRecipe initramfs -> contentSteps(initramfs, workbench);
          case RootfsRecipe rootfs -> List.of(new AddMappings(rootfs.mappings()));
        });
    steps.add(
        switch (recipe) {
          case InitramfsRecipe _ -> new WriteArchive(order.artifact());
          case RootfsRecipe rootfs ->
              new WriteFilesystem(rootfs.filesystem(), order.artifact(), workbench.filesystems());
        });
    steps.add(new WriteManifest(order));
    steps.add(new Publish());
    return new BuildPlan(steps, order, workbench);
  }

  private static List<BuildStep> imageSteps(BuildOrder order, Workbench workbench) {
    return switch (order.recipe().image()) {
      case null -> List.of();
      case ImageSource.Reference reference ->
          List.of(
              new FetchImage(reference, workbench.images()),
              new CheckManifest(order.defaults()),
              new UnpackLayers(workbench.images()));
      case ImageSource.Dockerfile dockerfile ->
          List.of(
              new BuildDockerfile(dockerfile, workbench),
              new FetchImage(dockerfile, workbench.images()),
              new CheckManifest(order.defaults()),
              new UnpackLayers(workbench.images()));
    };
  }

  private static List<BuildStep> contentSteps(InitramfsRecipe recipe, Workbench workbench) {
    BuildStep mappings = new AddMappings(recipe.mappings());
    return switch (recipe.init()) {
      case FirstProcess.Kestrel(var agent) ->
          List.of(
              new LayOutFolders(),
              new AddBusybox(recipe.busybox(), workbench),
              mappings,
              new AddAgent(agent, workbench));
      case FirstProcess.Custom(var file) ->
          List.of(
              new LayOutFolders(),
              new AddBusybox(recipe.busybox(), workbench),
              mappings,
              new AddInit(file),
              new CheckInit());
      case FirstProcess.Brought _ -> List.of(mappings, new CheckInit());
    };
  }

  /** What the steps do, in their order. */
  public List<String> titles() {
    return steps.stream().map(BuildStep::title).toList();
  }

  /**
   * Runs the steps. A failure leaves no file behind and an earlier result untouched. Interrupting
   * the thread ends the build with a failure.
   */
  public BuildResult run(Progress progress) throws BuildFailure {
    order.recipe().warnings().forEach(progress::warning);
    try (Draft draft = new Draft(workbench.scratch())) {
      for (BuildStep step : steps) {
        if (Thread.currentThread().isInterrupted()) {
          throw new BuildFailure(ExitCode.OUTPUT, "the build was stopped");
        }
        progress.step(step.title());
        step.run(draft, progress);
      }
      return new BuildResult(
          order.artifact(),
          order.manifestFile(),
          draft.artifactSha256(),
          Files.size(order.artifact()));
    } catch (IOException failure) {
      throw new BuildFailure(
          ExitCode.OUTPUT, "a file cannot be read or removed: " + failure.getMessage());
    }
  }
}
