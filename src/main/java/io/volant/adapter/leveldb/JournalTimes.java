package io.volant.adapter.leveldb;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Who hears how long writes take. One for the process: Pekko makes the journal by its class name,
 * so nothing can be handed to it.
 */
public final class JournalTimes {

  /** Hears of a write; must not block. */
  @FunctionalInterface
  public interface Listener {
    /** So many events were stored together, and it took so long. */
    void stored(int events, Duration took);
  }

  private static final Listener NOBODY = (_, _) -> {};
  private static final AtomicReference<Listener> LISTENER = new AtomicReference<>(NOBODY);

  private JournalTimes() {}

  /** From now on this one hears, and nobody else. */
  public static void tell(Listener listener) {
    LISTENER.set(listener);
  }

  static void stored(int events, long sinceNanos) {
    LISTENER.get().stored(events, Duration.ofNanos(System.nanoTime() - sinceNanos));
  }
}
