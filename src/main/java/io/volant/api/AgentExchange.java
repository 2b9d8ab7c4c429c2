package io.volant.api;

import io.volant.vm.GuestException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.RequestEntity;
import org.apache.pekko.http.javadsl.model.ResponseEntity;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.UniqueKillSwitch;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 exchange with a workload through a tunnel. Bodies stream both ways; what stands in
 * the answer's head is bounded by the parser's limits.
 */
final class AgentExchange {

  /** The client hears of what goes wrong; a guest must not be able to fill our log. */
  static final Attributes QUIET =
      Attributes.createLogLevels(
          Attributes.logLevelOff(), Attributes.logLevelOff(), Attributes.logLevelOff());

  private final ActorSystem<?> system;

  AgentExchange(ActorSystem<?> system) {
    this.system = system;
  }

  /**
   * Sends a request and answers as soon as the head of the response is there; fails with {@link
   * TimeoutException}, counted from the end of the request, or {@link GuestException}.
   */
  CompletionStage<HttpResponse> send(
      HttpRequest request, Flow<ByteString, ByteString, NotUsed> tunnel, Duration answerTimeout) {
    CompletableFuture<Done> sent = new CompletableFuture<>();
    HttpRequest watched = watched(request, sent);
    // The request side stays open: a workload may take its end for a client that has left.
    var running =
        Source.single(watched)
            .concat(Source.maybe())
            .viaMat(KillSwitches.single(), Keep.right())
            .via(connection(tunnel))
            .toMat(Sink.head(), Keep.both())
            .addAttributes(QUIET)
            .run(system);
    UniqueKillSwitch connection = running.first();
    CompletableFuture<HttpResponse> answer = running.second().toCompletableFuture();
    CompletableFuture<Void> _ =
        sent.thenRunAsync(
            () -> {
              if (!answer.isDone()) {
                connection.abort(new TimeoutException());
              }
            },
            CompletableFuture.delayedExecutor(answerTimeout.toMillis(), TimeUnit.MILLISECONDS));
    return answer.handle((response, failure) -> {
      if (response == null) {
        throw failed(failure);
      }
      return response.withEntity(
          response.entity().isStrict()
              ? response.entity()
              : streamed(response.entity(), Claim.within(answerTimeout, connection)));
    });
  }

  private Flow<HttpRequest, HttpResponse, ?> connection(
      Flow<ByteString, ByteString, NotUsed> tunnel) {
    return Http.get(system)
        .connectionTo("127.0.0.1")
        .withClientConnectionSettings(GuestTransport.over(system, tunnel, false))
        .http();
  }

  private static HttpRequest watched(HttpRequest request, CompletableFuture<Done> sent) {
    if (request.entity().isStrict()) {
      sent.complete(Done.getInstance());
      return request;
    }
    Source<ByteString, ?> data =
        request
            .entity()
            .getDataBytes()
            .watchTermination((_, done) -> {
              done.whenComplete((_, _) -> sent.complete(Done.getInstance()));
              return NotUsed.getInstance();
            });
    return request.withEntity(sameLength(request.entity(), data));
  }

  /** A body of known length keeps it: small servers do not understand chunks. */
  private static RequestEntity sameLength(HttpEntity entity, Source<ByteString, ?> data) {
    OptionalLong length = entity.getContentLengthOption();
    Source<ByteString, Object> bytes = data.mapMaterializedValue(ignored -> ignored);
    return length.isPresent()
        ? HttpEntities.create(entity.getContentType(), length.getAsLong(), bytes)
        : HttpEntities.createChunked(entity.getContentType(), bytes);
  }

  /**
   * Its client has to claim it; one that ends with its connection says where it ends from now on.
   */
  private static ResponseEntity streamed(ResponseEntity entity, Claim claim) {
    Source<ByteString, ?> data =
        entity
            .withoutSizeLimit()
            .getDataBytes()
            .mapMaterializedValue(_ -> {
              claim.make();
              return NotUsed.getInstance();
            });
    return (ResponseEntity) sameLength(entity, data);
  }

  /** What went wrong, for the client: a {@link GuestException} or the timeout. */
  static RuntimeException failed(@Nullable Throwable failure) {
    Throwable root = ProblemMapping.root(failure);
    if (root instanceof TimeoutException) {
      return new java.util.concurrent.CompletionException(root);
    }
    return new GuestException(
        "the workload broke off the connection"
            + (root == null || root.getMessage() == null
                ? ""
                : ": " + Text.shown(root.getMessage())));
  }
}
