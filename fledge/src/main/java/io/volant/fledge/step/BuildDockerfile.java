package io.volant.fledge.step;

import io.volant.fledge.recipe.ImageSource;
import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.report.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Builds a Dockerfile with a program of the host that can, into an OCI layout in scratch. */
final class BuildDockerfile implements BuildStep {
  private final ImageSource.Dockerfile dockerfile;
  private final Workbench workbench;

  BuildDockerfile(ImageSource.Dockerfile dockerfile, Workbench workbench) {
    this.dockerfile = dockerfile;
    this.workbench = workbench;
  }

  @Override
  public String title() {
    return "build "
        + dockerfile.file().getFileName()
        + (dockerfile.target() == null ? "" : " (stage " + dockerfile.target() + ")");
  }

  @Override
  public void run(Draft draft, Progress progress) throws BuildFailure {
    if (!Files.isRegularFile(dockerfile.file())) {
      throw new BuildFailure(ExitCode.INPUT, "there is no Dockerfile " + dockerfile.file());
    }
    if (!Files.isDirectory(dockerfile.context())) {
      throw new BuildFailure(
          ExitCode.INPUT, "the context " + dockerfile.context() + " is not a folder");
    }
    ContainerEngine engine = ContainerEngine.of(workbench.tools(), System.getenv("BUILDKIT_HOST"));
    progress.detail("with " + engine.name());
    try {
      Path scratch = draft.scratch("dockerfile");
      draft.imageBuilt(engine.build(dockerfile, scratch, progress));
    } catch (IOException failure) {
      throw new BuildFailure(
          ExitCode.OUTPUT, "the scratch folder cannot be written: " + failure.getMessage());
    }
  }
}
