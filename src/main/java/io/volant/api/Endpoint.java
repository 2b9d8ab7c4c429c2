package io.volant.api;

import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpMethod;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * One operation of the API.
 *
 * @param method its method
 * @param template its path as in {@code schemas/openapi.yaml}; a last part {@code {path}} takes
 *     everything that follows, slashes included
 * @param role what a caller must be at least; null: anybody, without a key
 * @param readsBody whether the handler takes the request's body; else it is thrown away
 * @param kind how the call is treated on its way
 * @param handler what answers
 */
record Endpoint(
    HttpMethod method,
    String template,
    @Nullable Role role,
    boolean readsBody,
    Kind kind,
    Handler handler) {

  /** How a call is treated on its way. */
  enum Kind {
    /** It changes nothing. */
    READING,
    /** It changes something of ours: done once for one key, and 202 when it takes long. */
    CHANGE,
    /** It belongs to a workload: passed on as it is. */
    PASSED_ON
  }

  /** Answers a call; a failure may be a {@link ProblemException}. */
  @FunctionalInterface
  interface Handler {
    CompletionStage<HttpResponse> handle(Call call);
  }

  static Endpoint get(String template, Handler handler) {
    return new Endpoint(HttpMethods.GET, template, Role.VIEWER, false, Kind.READING, handler);
  }

  static Endpoint patch(String template, Handler handler) {
    return new Endpoint(HttpMethods.PATCH, template, Role.OPERATOR, true, Kind.CHANGE, handler);
  }

  static Endpoint delete(String template, Handler handler) {
    return new Endpoint(HttpMethods.DELETE, template, Role.OPERATOR, false, Kind.CHANGE, handler);
  }

  /** A POST that takes a body. */
  static Endpoint post(String template, Handler handler) {
    return new Endpoint(HttpMethods.POST, template, Role.OPERATOR, true, Kind.CHANGE, handler);
  }

  /** A POST that takes none. */
  static Endpoint order(String template, Handler handler) {
    return new Endpoint(HttpMethods.POST, template, Role.OPERATOR, false, Kind.CHANGE, handler);
  }

  /** To a workload: who may look may read from it. */
  static Endpoint toWorkload(HttpMethod method, String template, Handler handler) {
    boolean reads =
        method.equals(HttpMethods.GET)
            || method.equals(HttpMethods.HEAD)
            || method.equals(HttpMethods.OPTIONS);
    Role role = reads ? Role.VIEWER : Role.OPERATOR;
    return new Endpoint(method, template, role, true, Kind.PASSED_ON, handler);
  }

  /** The same for callers of another role. */
  Endpoint needing(Role other) {
    return new Endpoint(method, template, other, readsBody, kind, handler);
  }

  /** The same for everybody. */
  Endpoint openToAll() {
    return new Endpoint(method, template, null, readsBody, kind, handler);
  }
}
