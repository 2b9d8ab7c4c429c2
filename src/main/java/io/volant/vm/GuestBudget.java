package io.volant.vm;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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
    refill(now);
    if (tokens == 0) {
      return false;
    }
    tokens--;
    return true;
  }

  /** Keeps a signal for later; it replaces an older one of its kind. */
  void defer(GuestSignal signal) {
    waiting.remove(signal.getClass());
    waiting.put(signal.getClass(), signal);
  }

  /** What was kept, oldest first; it is kept no longer. */
  List<GuestSignal> takeDeferred() {
    List<GuestSignal> signals = new ArrayList<>(waiting.values());
    waiting.clear();
    return signals;
  }

  private void refill(Instant now) {
    if (filledAt == null) {
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
