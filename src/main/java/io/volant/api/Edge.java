package io.volant.api;

import io.volant.metrics.Metrics;
import io.volant.model.Asker;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.jspecify.annotations.Nullable;

/**
 * The way of every request: is it let in, whose is it, and whatever goes wrong is an answer in our
 * own form.
 */
final class Edge {

  private static final String REQUEST_ID = "X-Request-Id";
  private static final Pattern REQUEST_ID_FORM = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private static final String EVENTS = "/api/v1/events";
  private static final String WEB_SOCKETS = "/ws/";

  private final ActorSystem<?> system;
  private final Gate gate;
  private final Cors cors;
  private final RateLimiter rates;
  private final Router router;
  private final Changes changes;
  private final ProblemMapping problems;
  private final Metrics metrics;

  /** What is around changes. */
  record Changes(OnceOnly once, LongChanges longOnes) {}

  Edge(
      Doormen doormen,
      List<Endpoint> endpoints,
      Changes changes,
      JsonBody bodies,
      Metrics metrics) {
    this.system = doormen.system();
    this.gate = doormen.gate();
    this.cors = doormen.cors();
    this.rates = doormen.rates();
    this.router = new Router(endpoints);
    this.changes = changes;
    this.problems = new ProblemMapping(bodies);
    this.metrics = metrics;
  }

  /** Those who look at a request before it is let in. */
  record Doormen(ActorSystem<?> system, Gate gate, Cors cors, RateLimiter rates) {}

  /**
   * Answers a request; never fails.
   *
   * @param local who is at the other end of a unix socket; null: it came over the network
   */
  CompletionStage<HttpResponse> handle(HttpRequest request, @Nullable LocalUser local) {
    long began = System.nanoTime();
    String requestId = requestId(request);
    CompletionStage<HttpResponse> answer;
    try {
      answer = admitted(request, local, requestId);
    } catch (RuntimeException failure) {
      answer = CompletableFuture.failedFuture(failure);
    }
    return answer.handle((response, failure) -> {
      HttpResponse sent = dressed(request, requestId, response, failure);
      watch(request, sent, began);
      return sent;
    });
  }

  /** Counts by the template of the path: paths hold names, and anybody can make up more. */
  private void watch(HttpRequest request, HttpResponse sent, long began) {
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    int status = sent.status().intValue();
    switch (router.find(request.method(), request.getUri().path())) {
      case Router.Match.Found(var endpoint, _) ->
          metrics.answered(endpoint.method().value(), endpoint.template(), status, took);
      case Router.Match.WrongMethod _, Router.Match.Nothing _ ->
          metrics.answered("other", "other", status, took);
    }
  }

  private CompletionStage<HttpResponse> admitted(
      HttpRequest request, @Nullable LocalUser local, String requestId) {
    Optional<HttpResponse> preflight = cors.preflight(request);
    if (preflight.isPresent()) {
      return CompletableFuture.completedFuture(preflight.get());
    }
    String path = request.getUri().path();
    request.getHeaders().forEach(Edge::checkName);
    if (local == null) {
      gate.checkAddress(request).ifPresent(Edge::refuse);
    }
    Router.Match match = router.find(request.method(), path);
    boolean open = match instanceof Router.Match.Found(var found, _) && found.role() == null;
    Principal principal = open ? stranger(request) : known(request, local, match);
    checkRate(principal.name());
    cors.check(request).ifPresent(Edge::refuse);
    return switch (match) {
      case Router.Match.Found(var endpoint, var values) -> {
        if (endpoint.role() != null) {
          Gate.checkRole(principal, endpoint.role()).ifPresent(Edge::refuse);
        }
        yield answer(
            endpoint,
            new Call(request, values, principal, new Asker(principal.name(), requestId), false));
      }
      case Router.Match.WrongMethod(var allowed) -> {
        request.discardEntityBytes(system);
        yield CompletableFuture.completedFuture(
            Problem.of(
                    ErrorCode.METHOD_NOT_ALLOWED,
                    request.method().value() + " is not allowed here; allowed: " + allowed)
                .response()
                .addHeader(RawHeader.create("Allow", allowed)));
      }
      case Router.Match.Nothing() ->
          CompletableFuture.failedFuture(
              Problem.of(ErrorCode.NOT_FOUND, "there is nothing at " + Text.shown(path))
                  .asException());
    };
  }

  private CompletionStage<HttpResponse> answer(Endpoint endpoint, Call call) {
    boolean readOnce = endpoint.kind() == Endpoint.Kind.CHANGE && OnceOnly.hasKey(call.request());
    if (!endpoint.readsBody() && !readOnce) {
      call.request().discardEntityBytes(system);
    }
    return switch (endpoint.kind()) {
      case READING, PASSED_ON -> endpoint.handler().handle(call);
      case CHANGE -> changes.longOnes().answer(call, changes.once().answer(endpoint, call));
    };
  }

  /** Who calls; who guesses keys is as limited as who has one. */
  private Principal known(HttpRequest request, @Nullable LocalUser local, Router.Match match) {
    try {
      return gate.identify(request, local, takesKeyInQuery(request, match));
    } catch (ProblemException unknown) {
      checkRate(stranger(request).name());
      throw unknown;
    }
  }

  /** Browsers cannot set headers on an event stream or a WebSocket. */
  private static boolean takesKeyInQuery(HttpRequest request, Router.Match match) {
    String path = request.getUri().path();
    // Of a WebSocket's query that is passed on to a workload, the key is taken out.
    if (path.startsWith(WEB_SOCKETS)
        || request.getAttribute(AttributeKeys.webSocketUpgrade).isPresent()) {
      return true;
    }
    // Of any other request, a workload gets to see the whole query.
    boolean passedOn =
        match instanceof Router.Match.Found(var endpoint, _)
            && endpoint.kind() == Endpoint.Kind.PASSED_ON;
    return !passedOn
        && (path.equals(EVENTS)
            || path.startsWith(EVENTS + "/")
            || Gate.header(request, "Accept").filter("text/event-stream"::equals).isPresent());
  }

  private static Principal stranger(HttpRequest request) {
    String address = Gate.address(request).map(InetAddress::getHostAddress).orElse("a socket");
    return new Principal("somebody at " + address, Role.VIEWER);
  }

  private void checkRate(String client) {
    int seconds = rates.secondsToWait(client);
    if (seconds > 0) {
      throw new ProblemException(
          Problem.of(
              ErrorCode.RATE_LIMITED,
              "'" + client + "' calls too often; try again in " + seconds + " s"),
          RawHeader.create("Retry-After", Integer.toString(seconds)));
    }
  }

  private HttpResponse dressed(
      HttpRequest request,
      String requestId,
      @Nullable HttpResponse response,
      @Nullable Throwable failure) {
    HttpResponse answer = response;
    if (answer == null) {
      request.discardEntityBytes(system); // what nobody reads would hold up the connection
      answer = problems.response(failure, requestId);
    }
    List<HttpHeader> headers = new ArrayList<>(cors.headers(request));
    headers.add(RawHeader.create(REQUEST_ID, requestId));
    return answer.removeHeader(REQUEST_ID).addHeaders(headers);
  }

  /** Pekko lets a header without a name through, which nobody else takes for HTTP. */
  private static void checkName(HttpHeader header) {
    if (header.name().isEmpty()) {
      throw Problem.ofField("request", "is not valid HTTP: a header has no name").asException();
    }
  }

  private static void refuse(Problem problem) {
    throw problem.asException();
  }

  private static String requestId(HttpRequest request) {
    return Gate.header(request, REQUEST_ID)
        .filter(id -> REQUEST_ID_FORM.matcher(id).matches())
        .orElseGet(() -> Long.toHexString(ThreadLocalRandom.current().nextLong()));
  }
}
