package io.volant.adapter.guestlink;

import java.time.Duration;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorSystem;

/** A stream that nobody runs would hold its place as long as the link lives. */
final class Unused {

  private Unused() {}

  /** Runs an action after the patience, unless it is cancelled before, or the session ends. */
  static Cancellable later(
      ActorSystem<?> system, GuestSession session, Duration patience, Runnable action) {
    Cancellable unused =
        system.scheduler().scheduleOnce(patience, action, system.executionContext());
    session.ended().whenComplete((done, failure) -> unused.cancel());
    return unused;
  }
}
