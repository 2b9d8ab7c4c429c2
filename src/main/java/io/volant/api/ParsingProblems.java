package io.volant.api;

import org.apache.pekko.event.LoggingAdapter;
import org.apache.pekko.http.ParsingErrorHandler;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.scaladsl.model.ErrorInfo;
import org.apache.pekko.http.scaladsl.model.StatusCode;
import org.apache.pekko.http.scaladsl.settings.ServerSettings;

/**
 * Answers what is not even HTTP: in our own form, and never as a fault of ours. Public, because
 * Pekko makes it by its name.
 */
public final class ParsingProblems extends ParsingErrorHandler {

  private static final int NOT_IMPLEMENTED = 501;
  private static final int TOO_LARGE = 413;

  @Override
  public HttpResponse handle(
      StatusCode status, ErrorInfo error, LoggingAdapter log, ServerSettings settings) {
    String summary = Text.shown(error.summary());
    Problem problem =
        switch (status.intValue()) {
          case NOT_IMPLEMENTED ->
              Problem.of(ErrorCode.METHOD_NOT_ALLOWED, "this method is not known");
          case TOO_LARGE -> Problem.of(ErrorCode.BODY_TOO_LARGE, summary);
          default -> Problem.ofField("request", "is not valid HTTP: " + summary);
        };
    return problem.response();
  }
}
