package io.volant.fledge.step;

import io.volant.fledge.recipe.ImageSource;
import io.volant.fledge.report.*;
import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.report.Progress;

final class BuildDockerfile implements BuildStep {
  private final ImageSource.Dockerfile dockerfile;

  BuildDockerfile(ImageSource.Dockerfile dockerfile, Workbench workbench) {
    this.dockerfile = dockerfile;
  }

  @Override
  public String title() {
    return "build "
        + dockerfile.file().getFileName()
        + (dockerfile.target() == null ? "" : " (stage " + dockerfile.target() + ")");
  }

  @Override
  public void run(Draft draft, Progress progress) throws BuildFailure {
    throw new BuildFailure(ExitCode.INPUT, "not merged yet");
  }
}
