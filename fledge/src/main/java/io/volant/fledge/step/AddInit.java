package io.volant.fledge.step;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.report.Progress;
import io.volant.fledge.tree.Attributes;
import io.volant.fledge.tree.Content;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Puts the user's program at /init, where the kernel starts it as the first process. */
final class AddInit implements BuildStep {
  private static final Attributes PROGRAM = Attributes.ofRoot(0755);

  private final Path file;

  AddInit(Path file) {
    this.file = file;
  }

  @Override
  public String title() {
    return "add " + file.getFileName() + " as " + CheckInit.PLACE;
  }

  @Override
  public void run(Draft draft, Progress progress) throws BuildFailure {
    if (!Files.isRegularFile(file)) {
      String what = Files.exists(file) ? "is not a file" : "is missing";
      throw new BuildFailure(
          ExitCode.INPUT, "[init] path: " + file + " " + what + "; correct path in [init]");
    }
    if (draft.mappedInit()) {
      throw new BuildFailure(
          ExitCode.INPUT,
          "a mapping puts something at /init, and so does [init] path; leave one of them out");
    }
    try {
      draft.tree().replace(CheckInit.PLACE, draft.tree().newFile(PROGRAM, Content.of(file)));
    } catch (IOException failure) {
      throw new BuildFailure(ExitCode.INPUT, file + " cannot be read: " + failure.getMessage());
    }
  }
}
