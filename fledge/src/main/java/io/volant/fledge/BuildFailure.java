package io.volant.fledge;

import java.io.Serial;
import java.util.List;

/** Why a build ends without a result: lines for a person and an exit code for a script. */
final class BuildFailure extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final ExitCode code;
  private final transient List<String> lines;

  BuildFailure(ExitCode code, List<String> lines) {
    super(String.join("; ", lines));
    this.code = code;
    this.lines = List.copyOf(lines);
  }

  BuildFailure(ExitCode code, String line) {
    this(code, List.of(line));
  }

  ExitCode code() {
    return code;
  }

  /** One line a problem, at least one. */
  List<String> lines() {
    return lines;
  }
}
