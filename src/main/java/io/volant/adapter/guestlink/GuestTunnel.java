package io.volant.adapter.guestlink;

import io.volant.vm.GuestException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;

/** One {@code POST /v1/tunnel/PORT}: the request's body and the response's body as one flow. */
final class GuestTunnel {

  private final ActorSystem<?> system;
  private final GuestSession session;
  private final Duration patience;
  private final StreamPlace place;
  private final CompletableFuture<Subscriber<ByteString>> input = new CompletableFuture<>();
  private final SharedKillSwitch inputSwitch = KillSwitches.shared("guest-tunnel-input");

  private GuestTunnel(ActorSystem<?> system, GuestSession session, Duration patience) {
    this.system = system;
    this.session = session;
    this.patience = patience;
    this.place = session.takePlace(2);
  }

  /**
   * Opens a tunnel.
   *
   * @param patience how long the agent may take to answer, and the caller to use the flow
   * @throws GuestException if the VM has too many streams open
   */
  static CompletionStage<Flow<ByteString, ByteString, NotUsed>> open(
      ActorSystem<?> system, GuestSession session, int port, Duration patience) {
    GuestTunnel tunnel = new GuestTunnel(system, session, patience);
    return session
        .send(tunnel.request(port), patience)
        .whenComplete((response, failure) -> tunnel.abortUnlessAnswered(failure))
        .thenCompose(tunnel::onAnswer);
  }

  private HttpRequest request(int port) {
    Source<ByteString, ?> body =
        Source.<ByteString>asSubscriber()
            .mapMaterializedValue(subscriber -> {
              input.complete(subscriber);
              return NotUsed.getInstance();
            })
            .via(inputSwitch.flow())
            .via(new EndNotice(place::directionEnded));
    return HttpRequest.POST("/v1/tunnel/" + port)
        .withEntity(
            HttpEntities.createChunked(
                ContentTypes.APPLICATION_OCTET_STREAM,
                body.mapMaterializedValue(ignored -> (Object) ignored)));
  }

  /** A failed body makes the client reset the stream, so that the agent forgets it, too. */
  private void abortUnlessAnswered(@Nullable Throwable failure) {
    if (failure != null) {
      inputSwitch.abort(new BrokenRules("the tunnel was not answered"));
      place.giveBack();
    }
  }

  private CompletionStage<Flow<ByteString, ByteString, NotUsed>> onAnswer(HttpResponse response) {
    if (response.status().equals(StatusCodes.OK)) {
      return input.thenApply(subscriber -> flow(subscriber, response));
    }
    inputSwitch.shutdown();
    place.giveBack();
    return Refusal.of(system, response, "the tunnel");
  }

  private Flow<ByteString, ByteString, NotUsed> flow(
      Subscriber<ByteString> subscriber, HttpResponse response) {
    Source<ByteString, NotUsed> output =
        response
            .entity()
            .withoutSizeLimit()
            .getDataBytes()
            .mapMaterializedValue(ignored -> NotUsed.getInstance())
            .via(new EndNotice(place::directionEnded));
    Cancellable unused = abortLater(output);
    return Flow.fromMaterializer(
            (materializer, attributes) -> {
              unused.cancel();
              return Flow.fromSinkAndSource(Sink.fromSubscriber(subscriber), output);
            })
        .mapMaterializedValue(ignored -> NotUsed.getInstance());
  }

  /** A flow that nobody runs would hold its place as long as the link lives. */
  private Cancellable abortLater(Source<ByteString, NotUsed> output) {
    Cancellable unused =
        system
            .scheduler()
            .scheduleOnce(
                patience,
                () -> {
                  inputSwitch.abort(new GuestException("the tunnel was not used"));
                  output.runWith(Sink.cancelled(), system);
                },
                system.executionContext());
    session.ended().whenComplete((done, failure) -> unused.cancel());
    return unused;
  }
}
