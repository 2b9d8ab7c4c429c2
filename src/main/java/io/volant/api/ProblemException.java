package io.volant.api;

import java.util.List;
import org.apache.pekko.http.javadsl.model.HttpHeader;

/** Ends the handling of a call with a problem. Carries no stack: it is an answer, not a bug. */
final class ProblemException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Problem problem;
  private final transient List<HttpHeader> headers;

  ProblemException(Problem problem, HttpHeader... headers) {
    super(problem.error(), null, false, false);
    this.problem = problem;
    this.headers = List.of(headers);
  }

  /** What goes with the answer. */
  List<HttpHeader> headers() {
    return headers;
  }

  Problem problem() {
    return problem;
  }
}
