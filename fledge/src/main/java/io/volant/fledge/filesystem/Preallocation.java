package io.volant.fledge.filesystem;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.tool.Tool;
import io.volant.fledge.tool.Tools;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Gives an image its whole size on the disk.
 *
 * @param fallocate null: it stays sparse
 */
record Preallocation(@Nullable Tool fallocate) {
  /** As the options say. Whether the program is there is told before anything is written. */
  static Preallocation of(FilesystemOptions options, Tools tools) throws BuildFailure {
    return new Preallocation(options.preallocate() ? tools.find("fallocate", "util-linux") : null);
  }

  void run(Path image, long bytes) throws BuildFailure {
    if (fallocate != null) {
      fallocate
          .call("--length", Long.toString(bytes), image.toString())
          .isolated()
          .run(ExitCode.OUTPUT);
    }
  }
}
