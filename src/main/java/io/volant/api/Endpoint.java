package io.volant.api;

import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpMethod;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/**
 * One operation of the API.
 *
 * @param method its method
 * @param template its path as in {@code schemas/openapi.yaml}; a last part {@code {path}} takes
 *     everything that follows, slashes included
 * @param readsBody whether the handler takes the request's body; else it is thrown away
 * @param handler what answers
 */
record Endpoint(HttpMethod method, String template, boolean readsBody, Handler handler) {

  /** Answers a call; a failure may be a {@link ProblemException}. */
  @FunctionalInterface
  interface Handler {
    CompletionStage<HttpResponse> handle(Call call);
  }

  static Endpoint get(String template, Handler handler) {
    return new Endpoint(HttpMethods.GET, template, false, handler);
  }

  static Endpoint patch(String template, Handler handler) {
    return new Endpoint(HttpMethods.PATCH, template, true, handler);
  }

  static Endpoint delete(String template, Handler handler) {
    return new Endpoint(HttpMethods.DELETE, template, false, handler);
  }

  /** A POST that takes a body. */
  static Endpoint post(String template, Handler handler) {
    return new Endpoint(HttpMethods.POST, template, true, handler);
  }

  /** A POST that takes none. */
  static Endpoint order(String template, Handler handler) {
    return new Endpoint(HttpMethods.POST, template, false, handler);
  }
}
