package io.volant.adapter.leveldb;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.AbstractExtensionId;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Extension;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * Who hears how long the writes of an actor system's journal take. Pekko makes the journal by its
 * class name, so it finds its listener in the system that it is part of.
 */
public final class JournalTimes implements Extension {

  /** Hears of a write; must not block. */
  @FunctionalInterface
  public interface Listener {
    /** So many events were stored together, and it took so long. */
    void stored(int events, Duration took);
  }

  private static final class Id extends AbstractExtensionId<JournalTimes> {
    @Override
    public JournalTimes createExtension(ExtendedActorSystem system) {
      return new JournalTimes();
    }
  }

  private static final Id ID = new Id();

  private final AtomicReference<Listener> listener = new AtomicReference<>((_, _) -> {});

  private JournalTimes() {}

  /** From now on this one hears of the system's journal, and nobody else. */
  public static void tell(ActorSystem<?> system, Listener listener) {
    of(system.classicSystem()).listener.set(listener);
  }

  static JournalTimes of(org.apache.pekko.actor.ActorSystem system) {
    return ID.get(system);
  }

  void stored(int events, long sinceNanos) {
    listener.get().stored(events, Duration.ofNanos(System.nanoTime() - sinceNanos));
  }
}
