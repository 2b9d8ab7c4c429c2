package io.volant.adapter.qemu;

import io.volant.adapter.process.CommandRunner;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts QEMU so that it outlives the daemon: in a session of its own, with no terminal, no pipe to
 * us and nothing of our environment.
 */
final class QemuLauncher {

  private static final File NOWHERE = new File("/dev/null");

  private final String binary;

  QemuLauncher(String binary) {
    this.binary = binary;
  }

  /** Absolute path of QEMU. */
  Path locateBinary() throws IOException {
    return located(binary, "qemu-system-x86");
  }

  /**
   * Starts the process and does not wait for anything.
   *
   * @param arguments QEMU's whole command line
   */
  Process start(List<String> arguments, RunFiles files) throws IOException {
    new RunLog(files.consoleLog()).startAnew();
    Files.deleteIfExists(files.log());
    List<String> command = new ArrayList<>();
    // Execs in place, as a child of ours leads no process group: the pid stays QEMU's.
    command.add(located("setsid", "util-linux").toString());
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(files.directory().toFile())
            .redirectInput(NOWHERE)
            .redirectErrorStream(true)
            // Appending, so that the log can be cut while it is open.
            .redirectOutput(ProcessBuilder.Redirect.appendTo(files.log().toFile()));
    builder.environment().clear();
    return builder.start();
  }

  private static Path located(String program, String packageName) throws IOException {
    return CommandRunner.locate(program)
        .orElseThrow(() ->
            new IOException(
                program
                    + " is not installed: get it with apt-get install "
                    + packageName
                    + " (Debian, Ubuntu)"));
  }
}
