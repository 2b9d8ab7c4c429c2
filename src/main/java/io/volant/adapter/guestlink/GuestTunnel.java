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
import org.apache.pekko.japi.pf.PFBuilder;
import org.apache.pekko.stream.Graph;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;

/**
 * One {@code POST} whose bodies go both ways at once, such as {@code /v1/tunnel/PORT}: the
 * request's body and the response's body as one flow.
 */
final class GuestTunnel {

  private final ActorSystem<?> system;
  private final GuestSession session;
  private final Duration patience;
  private final StreamPlace place;
  private final CompletableFuture<Subscriber<ByteString>> input = new CompletableFuture<>();
  private final SharedKillSwitch inputSwitch = KillSwitches.shared("guest-tunnel-input");
  private final SharedKillSwitch outputSwitch = KillSwitches.shared("guest-tunnel-output");

  private final String what;

  private GuestTunnel(ActorSystem<?> system, GuestSession session, String what, Duration patience) {
    this.what = what;
    this.system = system;
    this.session = session;
    this.patience = patience;
    this.place = session.takePlace(2);
  }

  /**
   * Opens a tunnel.
   *
   * @param path what is posted to
   * @param what it is, for people
   * @param patience how long the agent may take to answer, and the caller to use the flow
   * @throws GuestException if the VM has too many streams open
   */
  static CompletionStage<Flow<ByteString, ByteString, NotUsed>> open(
      ActorSystem<?> system, GuestSession session, String path, String what, Duration patience) {
    GuestTunnel tunnel = new GuestTunnel(system, session, what, patience);
    return session
        .send(tunnel.request(path), patience)
        .whenComplete((response, failure) -> tunnel.abortUnlessAnswered(failure))
        .thenCompose(tunnel::onAnswer);
  }

  private HttpRequest request(String path) {
    Source<ByteString, ?> body =
        Source.<ByteString>asSubscriber()
            .mapMaterializedValue(subscriber -> {
              input.complete(subscriber);
              return NotUsed.getInstance();
            })
            .via(inputSwitch.flow())
            .via(new EndNotice(place::directionEnded));
    return HttpRequest.POST(path)
        .withEntity(
            HttpEntities.createChunked(
                ContentTypes.APPLICATION_OCTET_STREAM,
                body.mapMaterializedValue(ignored -> (Object) ignored)));
  }

  /** A failed body makes the client reset the stream, so that the agent forgets it, too. */
  private void abortUnlessAnswered(@Nullable Throwable failure) {
    if (failure != null) {
      inputSwitch.abort(new BrokenRules(what + " was not answered"));
      place.giveBack();
    }
  }

  private CompletionStage<Flow<ByteString, ByteString, NotUsed>> onAnswer(HttpResponse response) {
    if (response.status().equals(StatusCodes.OK)) {
      return input.thenApply(subscriber -> flow(subscriber, response));
    }
    inputSwitch.shutdown();
    place.giveBack();
    return Refusal.of(system, response, what);
  }

  private Flow<ByteString, ByteString, NotUsed> flow(
      Subscriber<ByteString> subscriber, HttpResponse response) {
    Source<ByteString, NotUsed> output =
        response
            .entity()
            .withoutSizeLimit()
            .getDataBytes()
            .mapMaterializedValue(ignored -> NotUsed.getInstance())
            .via(new EndNotice(place::directionEnded))
            .via(new Drain(inputSwitch::shutdown))
            .via(outputSwitch.flow());
    Cancellable unused =
        Unused.later(system, session, patience, () -> output.runWith(Sink.cancelled(), system));
    return Flow.fromMaterializer(
            (materializer, attributes) -> {
              unused.cancel();
              return Flow.fromSinkAndSource(
                  Flow.of(ByteString.class)
                      .recoverWithRetries(
                          1,
                          new PFBuilder<Throwable, Graph<SourceShape<ByteString>, NotUsed>>()
                              .matchAny(this::abortOutput)
                              .build())
                      .to(Sink.fromSubscriber(subscriber)),
                  output);
            })
        .mapMaterializedValue(ignored -> NotUsed.getInstance());
  }

  /** A request whose body fails is reset at once, which is not safe: see {@link Drain}. */
  private Source<ByteString, NotUsed> abortOutput(Throwable failure) {
    outputSwitch.abort(failure);
    return Source.empty();
  }
}
