package io.volant.api;

import io.volant.metrics.Metrics;
import io.volant.model.Asker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.apache.pekko.actor.typed.ActorSystem;
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
  private static final String OPEN_TO_ALL = "/healthz";

  /** Browsers cannot set headers on an event stream. */
  private static final String KEY_IN_QUERY = "/api/v1/events/vms";

  private final ActorSystem<?> system;
  private final Gate gate;
  private final Cors cors;
  private final Router router;
  private final ProblemMapping problems;
  private final Metrics metrics;

  Edge(
      ActorSystem<?> system,
      Gate gate,
      Cors cors,
      List<Endpoint> endpoints,
      JsonBody bodies,
      Metrics metrics) {
    this.system = system;
    this.gate = gate;
    this.cors = cors;
    this.router = new Router(endpoints);
    this.problems = new ProblemMapping(bodies);
    this.metrics = metrics;
  }

  /** Answers a request; never fails. */
  CompletionStage<HttpResponse> handle(HttpRequest request) {
    long began = System.nanoTime();
    String requestId = requestId(request);
    CompletionStage<HttpResponse> answer;
    try {
      answer = admitted(request, requestId);
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

  private CompletionStage<HttpResponse> admitted(HttpRequest request, String requestId) {
    Optional<HttpResponse> preflight = cors.preflight(request);
    if (preflight.isPresent()) {
      return CompletableFuture.completedFuture(preflight.get());
    }
    String path = request.getUri().path();
    gate.checkAddress(request).ifPresent(Edge::refuse);
    if (!path.equals(OPEN_TO_ALL)) {
      gate.checkKey(request, path.equals(KEY_IN_QUERY)).ifPresent(Edge::refuse);
    }
    cors.check(request).ifPresent(Edge::refuse);
    return switch (router.find(request.method(), path)) {
      case Router.Match.Found(var endpoint, var values) -> {
        if (!endpoint.readsBody()) {
          request.discardEntityBytes(system);
        }
        yield endpoint
            .handler()
            .handle(new Call(request, values, new Asker(gate.principal(), requestId)));
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

  private HttpResponse dressed(
      HttpRequest request,
      String requestId,
      @Nullable HttpResponse response,
      @Nullable Throwable failure) {
    HttpResponse answer = response;
    if (answer == null) {
      request.discardEntityBytes(system); // what nobody reads would hold up the connection
      answer = problems.of(failure, requestId).response();
    }
    List<HttpHeader> headers = new ArrayList<>(cors.headers(request));
    headers.add(RawHeader.create(REQUEST_ID, requestId));
    return answer.removeHeader(REQUEST_ID).addHeaders(headers);
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
