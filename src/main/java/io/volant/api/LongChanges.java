package io.volant.api;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/**
 * Changes that took longer than a client should be kept waiting: those are answered with 202 and a
 * place where the real answer will be. Not stored: after a restart, an idempotency key tells.
 */
final class LongChanges {

  static final String PLACE = "/api/v1/requests/";

  /** More at once are kept waiting; of those that are over, the latest are remembered. */
  private static final int KEPT_MAX = 1_000;

  /**
   * A change that takes long.
   *
   * @param principal who asked for it
   * @param done its answer, which comes in any case
   */
  record Change(
      String id,
      String principal,
      String method,
      String path,
      Instant since,
      CompletableFuture<HttpResponse> done) {}

  private final ProblemMapping problems;
  private final Duration patience;
  private final Clock clock;
  private final Map<String, Change> changes = new LinkedHashMap<>();

  /**
   * An empty list.
   *
   * @param patience after which a change is one that takes long
   */
  LongChanges(JsonBody bodies, Duration patience, Clock clock) {
    this.problems = new ProblemMapping(bodies);
    this.patience = patience;
    this.clock = clock;
  }

  /** The change's own answer if it comes soon, else one that says where it will be. */
  CompletionStage<HttpResponse> answer(Call call, CompletionStage<HttpResponse> work) {
    if (call.request().getUri().query().get("wait").isPresent()) {
      return work; // the client said how long it waits
    }
    CompletableFuture<HttpResponse> done =
        work.handle((response, failure) ->
                response != null ? response : problems.of(failure, call.asker().cause()).response())
            .toCompletableFuture();
    if (done.isDone()) {
      return done;
    }
    Change change =
        new Change(
            UUID.randomUUID().toString(),
            call.principal().name(),
            call.request().method().value(),
            call.request().getUri().path(),
            clock.instant(),
            done);
    return done.thenApply(Optional::of)
        .completeOnTimeout(Optional.empty(), patience.toMillis(), TimeUnit.MILLISECONDS)
        .thenCompose(soon ->
            soon.isEmpty() && keep(change)
                ? CompletableFuture.completedFuture(accepted(change))
                : done);
  }

  /** The change with an id. */
  Optional<Change> find(String id) {
    synchronized (changes) {
      return Optional.ofNullable(changes.get(id));
    }
  }

  private boolean keep(Change change) {
    synchronized (changes) {
      Iterator<Change> oldest = changes.values().iterator();
      while (changes.size() >= KEPT_MAX && oldest.hasNext()) {
        if (oldest.next().done().isDone()) {
          oldest.remove();
        }
      }
      if (changes.size() >= KEPT_MAX) {
        return false;
      }
      changes.put(change.id(), change);
      return true;
    }
  }

  private static HttpResponse accepted(Change change) {
    return RequestRoutes.shown(202, change)
        .addHeader(RawHeader.create("Location", PLACE + change.id()));
  }
}
