package io.volant.adapter.guestlink;

import io.volant.adapter.unixsocket.UnixSockets;
import io.volant.model.VmId;
import io.volant.vm.CommandInput;
import io.volant.vm.CommandOutput;
import io.volant.vm.Guest;
import io.volant.vm.GuestCommand;
import io.volant.vm.GuestException;
import io.volant.vm.GuestLogLine;
import io.volant.vm.GuestSignal;
import io.volant.vm.LinkAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.settings.ClientConnectionSettings;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** The links of all VMs on this host: one small actor each, no thread of their own. */
public final class GuestLinks implements Guest, AutoCloseable {

  private record Link(
      ActorRef<VmLink.Message> actor, AtomicReference<@Nullable GuestSession> current) {}

  /** After so long without a byte a transfer of files has failed. */
  private static final Duration STALL = Duration.ofMinutes(2);

  private final ActorSystem<?> system;
  private final UnixSockets sockets;
  private final GuestLinkSettings settings;
  private final ClientConnectionSettings http;
  private final Map<VmId, Link> links = new ConcurrentHashMap<>();
  private final AtomicLong opened = new AtomicLong();

  /** Links over these sockets; nothing is connected yet. */
  public GuestLinks(ActorSystem<?> system, UnixSockets sockets, GuestLinkSettings settings) {
    this.system = system;
    this.sockets = sockets;
    this.settings = settings;
    this.http = GuestSession.clientSettings(system, settings.streamsMax());
  }

  @Override
  public void open(VmId vmId, LinkAddress address, Consumer<GuestSignal> listener) {
    if (address.kind() == LinkAddress.Kind.NONE) {
      close(vmId);
      return;
    }
    var current = new AtomicReference<@Nullable GuestSession>();
    ActorRef<VmLink.Message> actor =
        system.systemActorOf(
            VmLink.create(new VmLink.Wiring(address, settings, sockets, http, listener, current)),
            "guest-link-%s-%d".formatted(vmId, opened.incrementAndGet()),
            Props.empty());
    end(links.put(vmId, new Link(actor, current)));
  }

  @Override
  public void close(VmId vmId) {
    end(links.remove(vmId));
  }

  /** Ends every link. */
  @Override
  public void close() {
    links.keySet().forEach(this::close);
  }

  @Override
  public CompletionStage<Done> shutdown(VmId vmId) {
    return with(
        vmId,
        session -> {
          StreamPlace place = session.takePlace(1);
          return session
              .send(HttpRequest.POST("/v1/shutdown"), settings.request())
              .whenComplete((response, failure) -> place.giveBack())
              .thenCompose(this::onShutdownAnswer);
        });
  }

  @Override
  public CompletionStage<Flow<ByteString, ByteString, NotUsed>> tunnel(VmId vmId, int port) {
    if (port < 1 || port > 65_535) {
      return refused("a port is 1 to 65535, not " + port);
    }
    return with(
        vmId,
        session ->
            GuestTunnel.open(
                system, session, "/v1/tunnel/" + port, "the tunnel", settings.request()));
  }

  @Override
  public CompletionStage<Source<GuestLogLine, NotUsed>> logs(
      VmId vmId, long fromSequence, boolean follow) {
    String path = "/v1/logs?from=" + Math.max(0, fromSequence) + (follow ? "&follow=1" : "");
    return with(
        vmId,
        session -> {
          StreamPlace place = session.takePlace(1);
          return session
              .send(HttpRequest.GET(path), settings.request())
              .whenComplete((response, failure) -> giveBackOnFailure(place, failure))
              .thenCompose(response -> onLogsAnswer(response, place));
        });
  }

  @Override
  public CompletionStage<Flow<CommandInput, CommandOutput, NotUsed>> exec(
      VmId vmId, GuestCommand command) {
    return with(
        vmId,
        session ->
            GuestTunnel.open(system, session, "/v1/exec", "the command", settings.request())
                .thenApply(bytes -> GuestExec.over(bytes, command)));
  }

  @Override
  public CompletionStage<Source<ByteString, NotUsed>> readFiles(
      VmId vmId, String path, boolean follow) {
    return with(vmId, session -> files(session).read(path, follow));
  }

  @Override
  public CompletionStage<Done> writeFiles(
      VmId vmId, String folder, boolean makeFolder, Source<ByteString, ?> archive) {
    Link link = links.get(vmId);
    if (link == null || link.current().get() == null) {
      archive.runWith(Sink.cancelled(), system);
    }
    return with(vmId, session -> files(session).write(folder, makeFolder, archive));
  }

  private GuestFiles files(GuestSession session) {
    return new GuestFiles(system, session, settings.request(), STALL);
  }

  private CompletionStage<Done> onShutdownAnswer(HttpResponse response) {
    if (!response.status().isSuccess()) {
      return Refusal.of(system, response, "to shut down");
    }
    response.discardEntityBytes(system);
    return CompletableFuture.completedFuture(Done.getInstance());
  }

  private CompletionStage<Source<GuestLogLine, NotUsed>> onLogsAnswer(
      HttpResponse response, StreamPlace place) {
    if (!response.status().equals(StatusCodes.OK)) {
      place.giveBack();
      return Refusal.of(system, response, "the logs");
    }
    return CompletableFuture.completedFuture(
        EventStream.lines(response, place::giveBack).map(LogLine::parse));
  }

  /** Runs the request on the VM's session; every failure arrives as {@link GuestException}. */
  private <T> CompletionStage<T> with(
      VmId vmId, Function<GuestSession, CompletionStage<T>> request) {
    Link link = links.get(vmId);
    GuestSession session = link == null ? null : link.current().get();
    if (session == null) {
      return refused("the agent in VM %s is not connected".formatted(vmId));
    }
    try {
      return request.apply(session).exceptionallyCompose(GuestLinks::asGuestException);
    } catch (GuestException tooMany) {
      return CompletableFuture.failedStage(tooMany);
    }
  }

  private static <T> CompletionStage<T> asGuestException(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return switch (cause) {
      case GuestException known -> CompletableFuture.failedStage(known);
      case TimeoutException _ -> refused("the VM's agent did not answer in time");
      default -> refused("the request to the VM's agent failed: " + cause.getMessage());
    };
  }

  private static <T> CompletionStage<T> refused(String message) {
    return CompletableFuture.failedStage(new GuestException(message));
  }

  private static void giveBackOnFailure(StreamPlace place, @Nullable Throwable failure) {
    if (failure != null) {
      place.giveBack();
    }
  }

  private static void end(@Nullable Link link) {
    if (link != null) {
      link.actor().tell(new VmLink.Close());
    }
  }
}
