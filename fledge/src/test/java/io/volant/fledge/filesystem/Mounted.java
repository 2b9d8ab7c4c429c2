package io.volant.fledge.filesystem;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.tool.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** An image as this host's kernel reads it, where the tests may mount. */
final class Mounted implements AutoCloseable {
  private final Path folder;

  private Mounted(Path folder) {
    this.folder = folder;
  }

  static Mounted at(Path folder, Path image, String type) throws IOException {
    Files.createDirectories(folder);
    try {
      run("mount", "-t", type, "-o", "loop,ro", image.toString(), folder.toString());
    } catch (BuildFailure impossible) {
      String why = impossible.getMessage();
      Assumptions.abort("this host does not let us mount " + type + ": " + why);
    }
    return new Mounted(folder);
  }

  Path folder() {
    return folder;
  }

  @Override
  public void close() throws BuildFailure {
    run("umount", folder.toString());
  }

  private static void run(String program, String... arguments) throws BuildFailure {
    Tools.ofHost().find(program, "mount").call(arguments).run(ExitCode.OUTPUT);
  }
}
