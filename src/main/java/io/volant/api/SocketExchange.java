package io.volant.api;

import io.volant.vm.GuestException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.event.NoLogging;
import org.apache.pekko.http.javadsl.ConnectionContext;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.http.javadsl.model.ws.WebSocketRequest;
import org.apache.pekko.http.javadsl.model.ws.WebSocketUpgradeResponse;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.AsPublisher;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;

/**
 * One WebSocket to a workload through a tunnel. Messages stream both ways, as fast as the slower
 * end takes them.
 */
final class SocketExchange {

  private static final Executor GRACE = CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS);

  private final ActorSystem<?> system;

  SocketExchange(ActorSystem<?> system) {
    this.system = system;
  }

  /** What a workload says to being asked for a WebSocket. */
  sealed interface Answer {

    /**
     * Here it is.
     *
     * @param head what the workload answered
     * @param subprotocol the one of those offered that the workload has chosen
     * @param messages what goes to the workload and comes from it, for one use
     */
    record Opened(
        HttpResponse head, Optional<String> subprotocol, Flow<Message, Message, NotUsed> messages)
        implements Answer {}

    /**
     * No.
     *
     * @param head what it answered instead, without the body
     */
    record Refused(HttpResponse head) implements Answer {}
  }

  /**
   * The two ends of a conversation that runs already.
   *
   * @param end ends it
   * @param patience until a client uses it
   */
  private record Ends(
      Subscriber<Message> toWorkload,
      Publisher<Message> fromWorkload,
      SharedKillSwitch end,
      Duration patience) {}

  /**
   * Asks for a WebSocket.
   *
   * @param patience until the workload has answered
   * @return the answer, or a failure with {@link TimeoutException} or {@link GuestException}
   */
  CompletionStage<Answer> open(
      WebSocketRequest request, Flow<ByteString, ByteString, NotUsed> tunnel, Duration patience) {
    SharedKillSwitch end = KillSwitches.shared("workload-socket");
    CompletableFuture<WebSocketUpgradeResponse> upgrade = new CompletableFuture<>();
    var running =
        Source.<Message>asSubscriber()
            .via(connection(request, tunnel, end, upgrade))
            .watchTermination((subscriber, done) -> {
              // What is no HTTP, or no answer at all, ends the stream and says nothing else. An
              // answer takes another thread, and may come a little after the end.
              done.whenCompleteAsync(
                  (_, failure) -> upgrade.completeExceptionally(AgentExchange.failed(failure)),
                  GRACE);
              return subscriber;
            })
            .toMat(Sink.<Message>asPublisher(AsPublisher.WITHOUT_FANOUT), Keep.both())
            .addAttributes(AgentExchange.QUIET)
            .run(system);
    Ends ends = new Ends(running.first(), running.second(), end, patience);
    return upgrade
        .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
        .whenComplete((_, failure) -> {
          if (failure != null) {
            end.abort(failure);
          }
        })
        .thenApply(response -> answer(response, ends));
  }

  private Flow<Message, Message, NotUsed> connection(
      WebSocketRequest request,
      Flow<ByteString, ByteString, NotUsed> tunnel,
      SharedKillSwitch end,
      CompletableFuture<WebSocketUpgradeResponse> upgrade) {
    Flow<ByteString, ByteString, NotUsed> bytes =
        Flow.of(ByteString.class).via(end.flow()).via(tunnel).via(end.flow());
    return Http.get(system)
        .webSocketClientFlow(
            request,
            ConnectionContext.noEncryption(),
            Optional.empty(),
            GuestTransport.over(system, bytes, true),
            NoLogging.getInstance())
        .mapMaterializedValue(answer -> {
          answer.whenComplete((response, failure) -> {
            if (response == null) {
              upgrade.completeExceptionally(AgentExchange.failed(failure));
            } else {
              upgrade.complete(response);
            }
          });
          return NotUsed.getInstance();
        });
  }

  private static Answer answer(WebSocketUpgradeResponse response, Ends ends) {
    return response.isValid()
        ? new Answer.Opened(response.response(), response.chosenSubprotocol(), messages(ends))
        : new Answer.Refused(response.response());
  }

  private static Flow<Message, Message, NotUsed> messages(Ends ends) {
    Claim claim = Claim.within(ends.patience(), ends.end());
    return Flow.fromMaterializer(
            (_, _) -> {
              claim.make();
              return Flow.fromSinkAndSource(
                  Sink.fromSubscriber(ends.toWorkload()),
                  Source.fromPublisher(ends.fromWorkload()));
            })
        .mapMaterializedValue(_ -> NotUsed.getInstance());
  }
}
