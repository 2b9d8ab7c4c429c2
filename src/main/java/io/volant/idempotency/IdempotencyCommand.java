package io.volant.idempotency;

import io.volant.model.Asker;
import java.time.Instant;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;

/** What the HTTP edge says about changes that must happen once. */
public sealed interface IdempotencyCommand extends IdempotencyMessage {

  OnceKey key();

  /** The present time, as the edge sees it: keys expire by it. */
  Instant at();

  /**
   * May this be done? The answer comes at once, or, while the same is being done, when it is.
   *
   * @param fingerprint of method, path and body: the same for a repeat
   * @param asker who asks, under the id of this request
   */
  record Begin(
      OnceKey key, String fingerprint, Asker asker, Instant at, ActorRef<IdempotencyReply> replyTo)
      implements IdempotencyCommand {}

  /**
   * It is over; whoever waits gets the same answer.
   *
   * @param keep whether later repeats get it too; else they may try again
   */
  record Finish(OnceKey key, KeptAnswer answer, boolean keep, Instant at, ActorRef<Done> replyTo)
      implements IdempotencyCommand {}
}
