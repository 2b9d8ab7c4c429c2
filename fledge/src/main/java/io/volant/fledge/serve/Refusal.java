package io.volant.fledge.serve;

import io.volant.fledge.report.BuildEvent;
import io.volant.fledge.report.ExitCode;
import java.io.Serial;
import java.util.List;
import java.util.Locale;

/** Why a request is not answered as it wanted. */
final class Refusal extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final int status;
  private final transient BuildEvent.Failed answer;

  private Refusal(int status, BuildEvent.Failed answer) {
    super(answer.error());
    this.status = status;
    this.answer = answer;
  }

  /** With a status, a word for programs, and a line for people. */
  static Refusal of(int status, String code, String error) {
    return new Refusal(status, new BuildEvent.Failed(error, code, List.of()));
  }

  /** Because a build failed. */
  static Refusal of(BuildEvent.Failed failure) {
    int status =
        switch (ExitCode.valueOf(failure.code().toUpperCase(Locale.ROOT))) {
          case RECIPE, INPUT -> 422;
          case DOWNLOAD -> 502;
          case USAGE -> 400;
          case OK, BUG, OUTPUT -> 500;
        };
    return new Refusal(status, failure);
  }

  int status() {
    return status;
  }

  BuildEvent.Failed answer() {
    return answer;
  }
}
