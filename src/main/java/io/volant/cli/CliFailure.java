package io.volant.cli;

import java.util.Objects;

/** A command cannot do what it should. The message is one line for people. */
final class CliFailure extends Exception {
  private static final long serialVersionUID = 1L;
  private final ExitCode exitCode;

  CliFailure(ExitCode exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }

  ExitCode exitCode() {
    return exitCode;
  }
}
