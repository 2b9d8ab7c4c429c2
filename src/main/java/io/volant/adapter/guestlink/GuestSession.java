package io.volant.adapter.guestlink;

import com.typesafe.config.ConfigFactory;
import io.volant.adapter.unixsocket.UnixConnection;
import io.volant.vm.GuestException;
import io.volant.vm.LinkAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.event.NoLogging;
import org.apache.pekko.http.javadsl.ClientTransport;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.OutgoingConnection;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.ResponseFuture;
import org.apache.pekko.http.javadsl.settings.ClientConnectionSettings;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** One HTTP/2 session over one connection. It ends for good when the connection does. */
final class GuestSession {

  private static final String HOST = "kestrel";

  /** Pekko's client wants absolute addresses; the guest does not look at the host in it. */
  private static final String BASE = "http://" + HOST;

  /**
   * What the host keeps of one stream whose reader is slow, and so what the guest may send before
   * it must wait to hear of the host: a few of its frames. The connection's share is far more than
   * all streams together can fill, so that slow tunnels never hold up the events.
   */
  private static final int STREAM_BUFFER_BYTES = 512 * 1024;

  private static final int CONNECTION_BUFFER_FACTOR = 4;

  private final ActorSystem<?> system;
  private final UnixConnection connection;
  private final int streamsMax;
  private final Set<StreamPlace> places = ConcurrentHashMap.newKeySet();
  private final Map<Long, CompletableFuture<HttpResponse>> unanswered = new ConcurrentHashMap<>();
  private final AtomicLong sent = new AtomicLong();
  private final BoundedSourceQueue<HttpRequest> requests;
  private final AtomicReference<@Nullable Throwable> connectionFailure = new AtomicReference<>();
  private final CompletionStage<Done> ended;

  /** Begins a session; nothing is known of the guest before the first answer. */
  GuestSession(
      ActorSystem<?> system,
      ClientConnectionSettings http,
      UnixConnection connection,
      LinkAddress.Kind kind,
      int streamsMax) {
    this.system = system;
    this.connection = connection;
    this.streamsMax = streamsMax;
    var queueAndEnd =
        Source.<HttpRequest>queue(streamsMax)
            .via(
                Http.get(Adapter.toClassic(system))
                    .connectionTo(HOST)
                    .withClientConnectionSettings(
                        http.withTransport(
                            new Connected(failingAtEnd(LinkFrames.over(bytes(connection, kind))))))
                    // It would log an error each time that a VM stops; the link tells its own.
                    .logTo(NoLogging.getInstance())
                    .http2WithPriorKnowledge())
            .toMat(Sink.foreach(this::deliver), Keep.both())
            .run(system);
    this.requests = queueAndEnd.first();
    this.ended = orFailure(queueAndEnd.second(), connectionFailure);
    ended.whenComplete((done, failure) -> failAll());
  }

  /** Completes when the connection is over, one way or the other. */
  CompletionStage<Done> ended() {
    return ended;
  }

  /** Frees the connection; everything that runs over it fails. */
  void close() {
    connection.close();
  }

  /**
   * A place for one stream. Whoever takes it gives it back.
   *
   * @param directions how many times it will be said that one ended
   * @throws GuestException if too many streams are open
   */
  StreamPlace takePlace(int directions) {
    StreamPlace place = new StreamPlace(places, directions);
    places.add(place);
    if (places.size() > streamsMax) {
      place.giveBack();
      throw new GuestException(
          "%d streams to this VM are open and no more are allowed: close one first"
              .formatted(streamsMax));
    }
    return place;
  }

  /** How many places are taken now. */
  int placesTaken() {
    return places.size();
  }

  /** Sends the request to a path of the agent; fails with the link or after the timeout. */
  CompletionStage<HttpResponse> send(HttpRequest request, Duration timeout) {
    CompletableFuture<HttpResponse> answer = new CompletableFuture<>();
    long number = sent.incrementAndGet();
    unanswered.put(number, answer);
    HttpRequest marked =
        request
            .withUri(BASE + request.getUri())
            .addAttribute(ResponseFuture.KEY(), ResponseFuture.apply(answer));
    if (!requests.offer(marked).isEnqueued() || ended.toCompletableFuture().isDone()) {
      answer.completeExceptionally(linkLost());
    }
    return answer
        .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .whenComplete((response, failure) -> unanswered.remove(number));
  }

  private void deliver(HttpResponse response) {
    boolean isWanted =
        response
            .getAttribute(ResponseFuture.KEY())
            .map(association -> association.future().complete(response))
            .orElse(false);
    if (!isWanted) {
      response.entity().getDataBytes().runWith(Sink.cancelled(), system);
    }
  }

  private void failAll() {
    unanswered.forEach((number, answer) -> answer.completeExceptionally(linkLost()));
    places.clear();
  }

  /**
   * The client completes its streams when a connection just ends, and a tunnel cut short would look
   * complete. So every end is a failure, and remembered, because the client tells its own.
   */
  private Flow<ByteString, ByteString, NotUsed> failingAtEnd(
      Flow<ByteString, ByteString, NotUsed> connected) {
    return connected
        .concatLazy(Source.lazySource(() -> Source.failed(new GuestException("the agent hung up"))))
        .mapError(
            Throwable.class,
            failure -> {
              connectionFailure.set(failure);
              return failure;
            });
  }

  private static CompletionStage<Done> orFailure(
      CompletionStage<Done> end, AtomicReference<@Nullable Throwable> connectionFailure) {
    return end.handle(
            (done, failure) -> {
              Throwable known = connectionFailure.get();
              return known != null ? known : failure;
            })
        .thenCompose(failure ->
            failure == null
                ? CompletableFuture.completedFuture(Done.getInstance())
                : CompletableFuture.failedFuture(failure));
  }

  private static GuestException linkLost() {
    return new GuestException("the link to the VM's agent broke");
  }

  private static Flow<ByteString, ByteString, NotUsed> bytes(
      UnixConnection connection, LinkAddress.Kind kind) {
    return switch (kind) {
      case VIRTIO_SERIAL -> connection.flow();
      case VSOCK -> VsockGreeting.before(connection.flow());
      case NONE -> throw new IllegalArgumentException("a VM without an agent has no session");
    };
  }

  /** What all sessions have in common. Reading it is slow: once for all links. */
  static ClientConnectionSettings clientSettings(ActorSystem<?> system, int streamsMax) {
    int connectionBytes = CONNECTION_BUFFER_FACTOR * streamsMax * STREAM_BUFFER_BYTES;
    var limits =
        ConfigFactory.parseMap(
            Map.of(
                "pekko.http.client.http2.incoming-stream-level-buffer-size",
                STREAM_BUFFER_BYTES,
                "pekko.http.client.http2.incoming-connection-level-buffer-size",
                connectionBytes,
                "pekko.http.client.http2.request-entity-chunk-size",
                STREAM_BUFFER_BYTES / 2,
                // The link has its own rule for silence, and a tunnel may be silent for hours.
                "pekko.http.client.idle-timeout",
                "infinite",
                "pekko.http.client.stream-cancellation-delay",
                "0s"));
    return ClientConnectionSettings.create(limits.withFallback(system.settings().config()));
  }

  /** A transport that is connected already and serves once. */
  private static final class Connected extends ClientTransport {

    private final Flow<ByteString, ByteString, NotUsed> bytes;

    Connected(Flow<ByteString, ByteString, NotUsed> bytes) {
      this.bytes = bytes;
    }

    @Override
    public Flow<ByteString, ByteString, CompletionStage<OutgoingConnection>> connectTo(
        String host,
        int port,
        ClientConnectionSettings settings,
        org.apache.pekko.actor.ActorSystem system) {
      // A unix socket has no internet addresses to tell; nobody waits for them.
      return bytes.mapMaterializedValue(ignored -> new CompletableFuture<>());
    }
  }
}
