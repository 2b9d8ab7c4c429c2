package io.volant.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpMethod;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/** What pages of other origins may do: nothing, but for those that are configured. */
final class Cors {

  private static final String METHODS = "GET, POST, PUT, PATCH, DELETE, OPTIONS";
  private static final String HEADERS =
      "Content-Type, X-Volant-API-Key, Authorization, Last-Event-ID, X-Request-Id, Idempotency-Key";
  private static final String EXPOSED =
      "X-Total-Count, X-Request-Id, X-Volant-Wait, Location, Retry-After, Idempotency-Replayed";
  private static final Set<HttpMethod> HARMLESS =
      Set.of(HttpMethods.GET, HttpMethods.HEAD, HttpMethods.OPTIONS);

  private final Set<String> origins;

  Cors(List<String> origins) {
    this.origins = Set.copyOf(origins);
  }

  /** The answer to a browser's question before its request, if this is one. */
  Optional<HttpResponse> preflight(HttpRequest request) {
    boolean asks =
        request.method().equals(HttpMethods.OPTIONS)
            && request.getHeader("Access-Control-Request-Method").isPresent()
            && origin(request).filter(this::isAllowed).isPresent();
    return asks
        ? Optional.of(
            Answers.nothing()
                .addHeader(RawHeader.create("Access-Control-Allow-Methods", METHODS))
                .addHeader(RawHeader.create("Access-Control-Allow-Headers", HEADERS))
                .addHeader(RawHeader.create("Access-Control-Max-Age", "600")))
        : Optional.empty();
  }

  /**
   * Refuses a page of another origin that would change something: a browser sends a plain POST
   * without asking first, and a daemon on the loopback interface has no other protection.
   */
  Optional<Problem> check(HttpRequest request) {
    Optional<String> origin = origin(request);
    // Nor does a browser ask before a WebSocket, whatever page opens it.
    boolean harmless =
        HARMLESS.contains(request.method())
            && request.getAttribute(AttributeKeys.webSocketUpgrade).isEmpty();
    if (origin.isEmpty() || harmless || isAllowed(origin.get())) {
      return Optional.empty();
    }
    String host = Gate.header(request, "Host").orElse("");
    String authority = origin.get().substring(origin.get().indexOf("//") + 1);
    return authority.equals("/" + host)
        ? Optional.empty()
        : Optional.of(
            Problem.of(
                ErrorCode.FORBIDDEN,
                "pages of " + Text.shown(origin.get()) + " are not allowed to change anything"));
  }

  /** The headers that an answer to a request needs. */
  List<HttpHeader> headers(HttpRequest request) {
    List<HttpHeader> headers = new ArrayList<>();
    origin(request)
        .filter(this::isAllowed)
        .ifPresent(origin -> {
          headers.add(RawHeader.create("Access-Control-Allow-Origin", origin));
          headers.add(RawHeader.create("Access-Control-Expose-Headers", EXPOSED));
          headers.add(RawHeader.create("Vary", "Origin"));
        });
    return headers;
  }

  private boolean isAllowed(String origin) {
    return origins.contains(origin) || origins.contains("*");
  }

  private static Optional<String> origin(HttpRequest request) {
    return Gate.header(request, "Origin");
  }
}
