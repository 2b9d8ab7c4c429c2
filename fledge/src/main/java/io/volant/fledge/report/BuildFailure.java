package io.volant.fledge.report;

import java.io.Serial;
import java.util.List;

/** Why a build ends without a result: lines for a person and an exit code for a script. */
public final class BuildFailure extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final ExitCode code;
  private final transient List<String> lines;

  /** With one line a problem, at least one. */
  public BuildFailure(ExitCode code, List<String> lines) {
    super(String.join("; ", lines));
    this.code = code;
    this.lines = List.copyOf(lines);
  }

  /** With one line. */
  public BuildFailure(ExitCode code, String line) {
    this(code, List.of(line));
  }

  /** How fledge ends because of it. */
  public ExitCode code() {
    return code;
  }

  /** One line a problem, at least one. */
  public List<String> lines() {
    return lines;
  }
}
