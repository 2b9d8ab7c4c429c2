package io.volant.api;

/** Ends the handling of a call with a problem. Carries no stack: it is an answer, not a bug. */
final class ProblemException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  ProblemException(Problem problem) {
    super(problem.error(), null, false, false);
    this.problem = problem;
  }

  Problem problem() {
    return problem;
  }
}
