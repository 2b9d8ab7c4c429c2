package io.volant.adapter.guestlink;

import io.volant.adapter.unixsocket.UnixConnection;
import io.volant.adapter.unixsocket.UnixSockets;
import io.volant.vm.GuestException;
import io.volant.vm.GuestSignal;
import io.volant.vm.LinkAddress;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.settings.ClientConnectionSettings;
import org.apache.pekko.stream.javadsl.Sink;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the link of one VM: connect, ask for the events, listen until it breaks, pause, again.
 * Every attempt has a number, and news of an earlier attempt are ignored.
 */
final class VmLink extends AbstractMatchingBehavior<VmLink.Message> {

  /** What the link hears, mostly from itself. */
  sealed interface Message {}

  /** The VM needs no link any more. */
  record Close() implements Message {}

  private record Retry() implements Message {}

  private record Forget() implements Message {}

  private record Connected(int attempt, UnixConnection connection) implements Message {}

  private record Answered(int attempt, HttpResponse response) implements Message {}

  private record Heard(int attempt, GuestSignal signal) implements Message {}

  private record Broke(int attempt, Throwable cause) implements Message {}

  /**
   * Where a link goes and what it tells.
   *
   * @param http how every session's client is set up
   * @param current the session that requests may use now; the link alone changes it
   */
  record Wiring(
      LinkAddress address,
      GuestLinkSettings settings,
      UnixSockets sockets,
      ClientConnectionSettings http,
      Consumer<GuestSignal> listener,
      AtomicReference<@Nullable GuestSession> current) {}

  /** What has not ended so long after the link was closed is not waited for. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(30);

  private static final Logger LOG = LoggerFactory.getLogger(VmLink.class);

  private final Wiring wiring;
  private final GuestLinkSettings settings;
  private final TimerScheduler<Message> timers;
  private final LineRate rate;
  private int attempt;
  private int failures;
  private int unansweredAttempts;
  private int offences;
  private long upSinceNs;
  private boolean isUp;
  private boolean isClosing;

  /** Of what was begun, how much will yet be heard of: once each. */
  private int expected;

  private @Nullable GuestSession session;
  private @Nullable CompletionStage<UnixConnection> connecting;

  static Behavior<Message> create(Wiring wiring) {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> new VmLink(context, timers, wiring)));
  }

  private VmLink(ActorContext<Message> context, TimerScheduler<Message> timers, Wiring wiring) {
    super(context);
    this.wiring = wiring;
    this.settings = wiring.settings();
    this.timers = timers;
    // The news that the link is up or down count, too, and cannot be withheld: room for one pair.
    this.rate = new LineRate(settings.linesPerSecondMax() - 2);
    connect();
  }

  @Override
  public Behavior<Message> onMessage(Message message) {
    if (message instanceof Connected || message instanceof Answered || message instanceof Broke) {
      expected--;
    }
    if (isClosing) {
      return onLastWords(message);
    }
    switch (message) {
      case Close _ -> {
        return close();
      }
      case Retry _ -> connect();
      case Forget _ -> {}
      case Connected connected -> onConnected(connected);
      case Answered answered -> onAnswered(answered);
      case Heard(int of, GuestSignal signal) -> {
        if (of == attempt && isUp) {
          tell(signal);
        }
      }
      case Broke(int of, Throwable cause) -> {
        if (of == attempt) {
          onBroken(cause);
        }
      }
    }
    return this;
  }

  /**
   * Ends, once nobody will speak to it any more: who did would only be a dead letter in the log.
   */
  private Behavior<Message> close() {
    isClosing = true;
    timers.cancelAll();
    endSession();
    timers.startSingleTimer(new Forget(), LAST_WORDS);
    return expected == 0 ? Behaviors.stopped() : this;
  }

  private Behavior<Message> onLastWords(Message message) {
    if (message instanceof Connected connected) {
      connected.connection().close();
    }
    return expected == 0 || message instanceof Forget ? Behaviors.stopped() : this;
  }

  /** Hears of the end of what was begun. */
  private <T> void hear(
      CompletionStage<T> begun, BiFunction<@Nullable T, @Nullable Throwable, Message> as) {
    expected++;
    getContext().pipeToSelf(begun, as::apply);
  }

  private void connect() {
    attempt++;
    int of = attempt;
    connecting = wiring.sockets().connect(wiring.address().socket());
    hear(
        connecting,
        (connection, failure) ->
            connection != null ? new Connected(of, connection) : new Broke(of, known(failure)));
  }

  private void onConnected(Connected connected) {
    int of = connected.attempt();
    GuestSession begun =
        new GuestSession(
            getContext().getSystem(),
            wiring.http(),
            connected.connection(),
            wiring.address().kind(),
            settings.streamsMax());
    session = begun;
    hear(begun.ended(), (_, failure) -> new Broke(of, known(failure)));
    StreamPlace _ = begun.takePlace(1); // until the session ends
    Duration patience = settings.answer().after(unansweredAttempts + 1);
    CompletionStage<HttpResponse> answer = begun.send(HttpRequest.GET("/v1/events"), patience);
    hear(
        answer,
        (response, failure) ->
            response != null ? new Answered(of, response) : new Broke(of, known(failure)));
  }

  private void onAnswered(Answered answered) {
    HttpResponse response = answered.response();
    int of = answered.attempt();
    if (of != attempt || session == null) {
      return; // its connection is closed already, and the body with it
    }
    if (!response.status().equals(StatusCodes.OK)) {
      onBroken(new BrokenRules("the events were refused with " + response.status().intValue()));
      return;
    }
    isUp = true;
    upSinceNs = System.nanoTime();
    unansweredAttempts = 0;
    wiring.current().set(session);
    rate.count(upSinceNs);
    tell(new GuestSignal.LinkUp());
    ActorRef<Message> self = getContext().getSelf();
    hear(
        EventStream.signals(response, settings.stale(), () -> rate.count(System.nanoTime()))
            .runWith(
                Sink.foreach(signal -> self.tell(new Heard(of, signal))), getContext().getSystem()),
        (_, failure) -> new Broke(of, known(failure)));
  }

  private static Throwable known(@Nullable Throwable failure) {
    return failure != null ? failure : new GuestException("the agent hung up");
  }

  private void onBroken(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    attempt++;
    endSession();
    Duration lived = isUp ? Duration.ofNanos(System.nanoTime() - upSinceNs) : Duration.ZERO;
    if (isUp) {
      isUp = false;
      rate.count(System.nanoTime());
      tell(new GuestSignal.LinkDown(reason(cause)));
    } else {
      unansweredAttempts++;
    }
    timers.startSingleTimer(new Retry(), pause(cause, lived));
  }

  private Duration pause(Throwable cause, Duration lived) {
    failures = settings.reconnect().forgivenAfter(lived) ? 1 : failures + 1;
    if (cause instanceof BrokenRules) {
      offences = settings.penalty().forgivenAfter(lived) ? 1 : offences + 1;
      Duration penalty = settings.penalty().after(offences);
      LOG.warn(
          "guest link {}: {}; pause of {}", wiring.address().socket(), cause.getMessage(), penalty);
      return penalty;
    }
    return settings.reconnect().after(failures);
  }

  private static String reason(Throwable cause) {
    return switch (cause) {
      case BrokenRules rules -> "the guest broke the rules of the link: " + rules.getMessage();
      case TimeoutException _ -> "the agent was silent for too long";
      default -> String.valueOf(cause.getMessage());
    };
  }

  private void tell(GuestSignal signal) {
    try {
      wiring.listener().accept(signal);
    } catch (RuntimeException failure) {
      LOG.error("the listener of a guest link failed on " + signal, failure);
    }
  }

  private void endSession() {
    wiring.current().set(null);
    if (session != null) {
      session.close();
      session = null;
    }
  }

  @Override
  public Behavior<Message> onSignal(Signal signal) {
    if (signal instanceof PostStop) {
      endSession();
      if (connecting != null) {
        // It may have succeeded after the last message was read.
        connecting.thenAccept(UnixConnection::close);
      }
    }
    return this;
  }
}
