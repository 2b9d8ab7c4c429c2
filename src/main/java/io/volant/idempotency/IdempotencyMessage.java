package io.volant.idempotency;

import org.apache.pekko.actor.typed.ActorRef;

/** All that a day's actor can receive. */
sealed interface IdempotencyMessage permits IdempotencyCommand, IdempotencyMessage.NextDay {

  /** The day is over: what is not known here goes to the actor of the next one. */
  record NextDay(ActorRef<IdempotencyMessage> next) implements IdempotencyMessage {}
}
