package io.volant.fledge.step;

import io.volant.fledge.oci.FetchedImage;
import io.volant.fledge.report.*;
import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.report.Progress;
import io.volant.fledge.tree.FileTree;
import java.io.Closeable;
import java.nio.file.Path;

final class NoImages implements Images {
  @Override
  public FetchedImage fetch(String reference, Path folder, Progress progress) throws BuildFailure {
    throw new BuildFailure(ExitCode.INPUT, "not merged yet");
  }

  @Override
  public Closeable unpack(FetchedImage image, FileTree tree) {
    return () -> {};
  }
}
