package io.volant.fledge.filesystem;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.report.OneLine;

/** What to say of a file that one kind of file system cannot be given. */
final class Refusal {
  private Refusal() {}

  static BuildFailure of(FilesystemType type, String path, String why) {
    return new BuildFailure(
        ExitCode.INPUT,
        OneLine.of(path)
            + " "
            + why
            + ", which cannot be written to "
            + type.word()
            + ": use squashfs or erofs");
  }
}
