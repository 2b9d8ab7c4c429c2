package io.volant.idempotency;

import io.volant.journal.EventFeed;
import io.volant.model.Stamp;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.jspecify.annotations.Nullable;

/**
 * The keys that were first used on one day (UTC). A journal a day, so that a start reads two days
 * of keys, however long the daemon has been there.
 *
 * <p>Who is doing something now is not stored: after a restart nobody is, and the next request with
 * that key is told to do it, knowing that it may be done already.
 */
final class IdempotencyActor
    extends EventSourcedBehavior<IdempotencyMessage, IdempotencyEvent, IdempotencyState> {

  /** Keys a day. */
  static final int KEYS_MAX = 20_000;

  /** Bodies a day, in bytes. */
  static final long ANSWER_BYTES_MAX = 32L << 20;

  private static final int WAITING_MAX = 4_096;
  private static final Duration STORE_RETRY_MIN = Duration.ofMillis(200);
  private static final Duration STORE_RETRY_MAX = Duration.ofSeconds(10);

  private final ActorContext<IdempotencyMessage> context;
  private final LocalDate day;
  private @Nullable ActorRef<IdempotencyMessage> next;

  /** Who waits for the end of what is being done now. */
  private final Map<OnceKey, List<ActorRef<IdempotencyReply>>> running = new HashMap<>();

  /**
   * The behaviour of a day's keys.
   *
   * @param next the day after: gets what this one knows nothing about; null: this day is today
   */
  static Behavior<IdempotencyMessage> create(
      LocalDate day, @Nullable ActorRef<IdempotencyMessage> next) {
    return Behaviors.setup(context -> new IdempotencyActor(context, day, next));
  }

  private IdempotencyActor(
      ActorContext<IdempotencyMessage> context,
      LocalDate day,
      @Nullable ActorRef<IdempotencyMessage> next) {
    super(
        PersistenceId.of("idempotency", day.toString()),
        SupervisorStrategy.restartWithBackoff(STORE_RETRY_MIN, STORE_RETRY_MAX, 0.1));
    this.context = context;
    this.day = day;
    this.next = next;
  }

  @Override
  public IdempotencyState emptyState() {
    return IdempotencyState.empty();
  }

  @Override
  public EventHandler<IdempotencyState, IdempotencyEvent> eventHandler() {
    return IdempotencyState::on;
  }

  /** Only the beginning is news: it ties a request to what follows. The answers stay here. */
  @Override
  public Set<String> tagsFor(IdempotencyEvent event) {
    return switch (event) {
      case IdempotencyEvent.Begun _ -> Set.of(EventFeed.TAG);
      case IdempotencyEvent.Answered _ -> Set.of();
    };
  }

  @Override
  public CommandHandler<IdempotencyMessage, IdempotencyEvent, IdempotencyState> commandHandler() {
    return (state, message) ->
        switch (message) {
          case IdempotencyMessage.NextDay(var other) -> {
            next = other;
            yield Effect().none();
          }
          case IdempotencyCommand.Begin begin -> onBegin(state, begin);
          case IdempotencyCommand.Finish finish -> onFinish(state, finish);
        };
  }

  private Effect<IdempotencyEvent, IdempotencyState> onBegin(
      IdempotencyState state, IdempotencyCommand.Begin begin) {
    Optional<IdempotencyState.Entry> known = state.find(begin.key(), begin.at());
    if (known.isPresent()) {
      repeat(known.get(), begin);
      return Effect().none();
    }
    if (next != null) {
      next.tell(begin);
      return Effect().none();
    }
    if (state.entries().size() >= KEYS_MAX) {
      begin.replyTo().tell(new IdempotencyReply.Full());
      return Effect().none();
    }
    Stamp stamp = stamp(begin.key(), begin.at(), begin.asker().cause());
    return Effect()
        .persist(new IdempotencyEvent.Begun(stamp, begin.key().text(), begin.fingerprint()))
        .thenRun(() -> {
          running.put(begin.key(), new ArrayList<>());
          begin.replyTo().tell(new IdempotencyReply.Go(stamp.id(), false));
        });
  }

  private void repeat(IdempotencyState.Entry known, IdempotencyCommand.Begin begin) {
    KeptAnswer answer = known.answer();
    List<ActorRef<IdempotencyReply>> waiting = running.get(begin.key());
    if (!known.fingerprint().equals(begin.fingerprint())) {
      begin.replyTo().tell(new IdempotencyReply.Conflict());
    } else if (answer != null) {
      begin.replyTo().tell(new IdempotencyReply.Answered(answer));
    } else if (waiting == null) {
      running.put(begin.key(), new ArrayList<>());
      begin.replyTo().tell(new IdempotencyReply.Go(known.cause(), true));
    } else if (waiting.size() < WAITING_MAX) {
      waiting.add(begin.replyTo());
    } else {
      begin.replyTo().tell(new IdempotencyReply.Full());
    }
  }

  private Effect<IdempotencyEvent, IdempotencyState> onFinish(
      IdempotencyState state, IdempotencyCommand.Finish finish) {
    if (!running.containsKey(finish.key())) {
      passOn(finish);
      return Effect().none();
    }
    IdempotencyState.Entry begun = state.entries().get(finish.key());
    if (!finish.keep() || begun == null) {
      end(finish);
      return Effect().none();
    }
    KeptAnswer answer = finish.answer();
    long bytes = answer.bodyBytes();
    boolean fits =
        bytes <= KeptAnswer.BODY_BYTES_MAX && state.answerBytes() + bytes <= ANSWER_BYTES_MAX;
    return Effect()
        .persist(
            new IdempotencyEvent.Answered(
                stamp(finish.key(), finish.at(), begun.cause()),
                finish.key().text(),
                fits ? answer : answer.withoutBody()))
        .thenRun(() -> end(finish));
  }

  private void passOn(IdempotencyCommand.Finish finish) {
    if (next == null) {
      finish.replyTo().tell(Done.getInstance());
    } else {
      next.tell(finish);
    }
  }

  private void end(IdempotencyCommand.Finish finish) {
    List<ActorRef<IdempotencyReply>> waiting = running.remove(finish.key());
    if (waiting != null) {
      waiting.forEach(each -> each.tell(new IdempotencyReply.Answered(finish.answer())));
    }
    finish.replyTo().tell(Done.getInstance());
  }

  private Stamp stamp(OnceKey key, Instant at, String cause) {
    String id = "idempotency/" + day + "#" + (lastSequenceNumber(context) + 1);
    return new Stamp(id, day.toString(), at, key.principal(), cause);
  }
}
