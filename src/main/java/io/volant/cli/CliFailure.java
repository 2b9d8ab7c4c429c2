package io.volant.cli;

/** A command cannot do what it should. The message is one line for people. */
final class CliFailure extends Exception {
  private static final long serialVersionUID = 1L;
  private final ExitCode exitCode;

  CliFailure(ExitCode exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  ExitCode exitCode() {
    return exitCode;
  }
}
