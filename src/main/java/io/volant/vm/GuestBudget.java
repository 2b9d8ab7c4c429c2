package io.volant.vm;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Bounds what a guest can make us store: a burst, then one event a second. What comes over that is
 * kept, the latest of each kind, until there is room: a workload that dies in a tight loop fills no
 * journal, and yet the VM's state is true at the end.
 */
final class GuestBudget {

  private static final int BURST = 30;
  private static final Duration REFILL = Duration.ofSeconds(1);

  private final Map<Class<?>, GuestSignal> waiting = new LinkedHashMap<>();
  private int tokens = BURST;
  private @Nullable Instant filledAt;

  /** Whether one more event may be stored now. */
  boolean take(Instant now) {
    if (!hasRoom(now)) {
      return false;
    }
    tokens--;
    return true;
  }

  /** Whether one more could be. */
  boolean hasRoom(Instant now) {
    refill(now);
    return tokens > 0;
  }

  /** Keeps a signal for later; it replaces an older one of its kind. */
  void defer(GuestSignal signal) {
    forget(signal);
    waiting.put(signal.getClass(), signal);
  }

  /** Something newer of this kind was heard: what was kept of it is not true any more. */
  void forget(GuestSignal newer) {
    waiting.remove(newer.getClass());
  }

  void forgetAll() {
    waiting.clear();
  }

  /** The oldest that was kept; it is kept no longer. */
  GuestSignal takeDeferred() {
    GuestSignal oldest = waiting.values().iterator().next();
    forget(oldest);
    return oldest;
  }

  boolean hasDeferred() {
    return !waiting.isEmpty();
  }

  private void refill(Instant now) {
    if (filledAt == null || now.isBefore(filledAt)) { // the first time, or the clock was set back
      filledAt = now;
      return;
    }
    long passed = Duration.between(filledAt, now).dividedBy(REFILL);
    if (passed > 0) {
      tokens = (int) Math.min(BURST, tokens + passed);
      filledAt = now;
    }
  }
}
