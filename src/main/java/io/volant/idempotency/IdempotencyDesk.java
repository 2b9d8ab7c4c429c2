package io.volant.idempotency;

import java.time.LocalDate;
import java.time.ZoneOffset;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.jspecify.annotations.Nullable;

/**
 * Where changes with a key are announced: has an actor for the keys of today and one for those of
 * yesterday, which together hold all that have not expired. Yesterday's is asked first.
 */
public final class IdempotencyDesk extends AbstractBehavior<IdempotencyCommand> {

  private record Days(
      LocalDate today,
      ActorRef<IdempotencyMessage> ofToday,
      ActorRef<IdempotencyMessage> ofYesterday) {}

  private @Nullable Days days;

  /** The behaviour of the desk. */
  public static Behavior<IdempotencyCommand> create() {
    return Behaviors.setup(IdempotencyDesk::new);
  }

  private IdempotencyDesk(ActorContext<IdempotencyCommand> context) {
    super(context);
  }

  @Override
  public Receive<IdempotencyCommand> createReceive() {
    return newReceiveBuilder().onMessage(IdempotencyCommand.class, this::onCommand).build();
  }

  private Behavior<IdempotencyCommand> onCommand(IdempotencyCommand command) {
    LocalDate day = command.at().atZone(ZoneOffset.UTC).toLocalDate();
    days(day).ofYesterday().tell(command);
    return this;
  }

  /** Those of a day, or of a later one: a clock that is set back must not bring keys back. */
  private Days days(LocalDate day) {
    Days before = days;
    if (before != null && !day.isAfter(before.today())) {
      return before;
    }
    ActorRef<IdempotencyMessage> ofToday = spawn(day, null);
    LocalDate yesterday = day.minusDays(1);
    ActorRef<IdempotencyMessage> ofYesterday;
    if (before != null && before.today().equals(yesterday)) {
      ofYesterday = before.ofToday();
      ofYesterday.tell(new IdempotencyMessage.NextDay(ofToday));
    } else {
      ofYesterday = spawn(yesterday, ofToday);
    }
    if (before != null) {
      getContext().stop(before.ofYesterday());
    }
    days = new Days(day, ofToday, ofYesterday);
    return days;
  }

  private ActorRef<IdempotencyMessage> spawn(
      LocalDate day, @Nullable ActorRef<IdempotencyMessage> next) {
    return getContext().spawnAnonymous(IdempotencyActor.create(day, next));
  }
}
