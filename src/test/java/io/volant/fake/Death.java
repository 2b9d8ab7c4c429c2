package io.volant.fake;

import io.volant.journal.JournalEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * When a daemon dies: at its n-th write to the journal, counted from {@link #arm}. Once dead it
 * stores nothing more, and no effect of it reaches the world. Or, for once, when a write fails.
 */
public final class Death {

  /** On which side of the write it dies. */
  public enum Moment {
    /** The write is in the journal; nobody was told, so nothing has followed from it. */
    ONCE_STORED,
    /** All that was stored before has had its effects; this write itself is lost. */
    INSTEAD_OF_STORING
  }

  private static final AtomicLong NUMBERS = new AtomicLong();
  private static final Map<String, Death> BY_ID = new ConcurrentHashMap<>();

  private final String id = Long.toString(NUMBERS.incrementAndGet());
  private final List<JournalEvent> stored = new ArrayList<>();
  private int armedAt;
  private int writesUntilFailure = Integer.MAX_VALUE;
  private Moment moment = Moment.ONCE_STORED;
  private int writesLeft = Integer.MAX_VALUE;
  private boolean dead;

  public Death() {
    BY_ID.put(id, this);
  }

  static Death of(String id) {
    Death death = BY_ID.get(id);
    if (death == null) {
      throw new IllegalArgumentException("no death has the id " + id);
    }
    return death;
  }

  /** What finds this one again from a journal's configuration. */
  public String id() {
    return id;
  }

  /** The daemon dies at the {@code write}-th write from now on, 1 or more. */
  public synchronized void arm(int write, Moment when) {
    armedAt = stored.size();
    writesLeft = write;
    moment = when;
  }

  /** The {@code write}-th write from now on fails, as on a full disk; the daemon lives on. */
  public synchronized void failAt(int write) {
    writesUntilFailure = write;
  }

  /** Whether the write has failed that was to. */
  public synchronized boolean hasFailed() {
    return writesUntilFailure <= 0;
  }

  /** A write comes. Whether it shall fail. */
  synchronized boolean mustFail() {
    writesUntilFailure--;
    return writesUntilFailure == 0;
  }

  /** A daemon lives again, and does not die by itself. */
  public synchronized void disarm() {
    dead = false;
    writesLeft = Integer.MAX_VALUE;
  }

  public synchronized boolean isDead() {
    return dead;
  }

  /** All events that are in the journal, in their order. */
  public synchronized List<JournalEvent> stored() {
    return List.copyOf(stored);
  }

  /** Whether an event of this type was stored since {@link #arm}. */
  public synchronized boolean hasStored(String type) {
    return stored.subList(armedAt, stored.size()).stream()
        .anyMatch(event -> event.type().equals(type));
  }

  /** A write comes. Whether the journal may do it. */
  synchronized boolean mayWrite() {
    if (dead) {
      return false;
    }
    writesLeft--;
    dead = writesLeft == 0 && moment == Moment.INSTEAD_OF_STORING;
    return !dead;
  }

  /** The write is done. Whether anybody may be told. */
  synchronized boolean mayTell(List<JournalEvent> events) {
    stored.addAll(events);
    dead = dead || writesLeft == 0;
    return !dead;
  }
}
