package io.volant.journal;

import io.volant.journal.EventFeed.Entry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The newest events, read from the journal once for all who follow it. Followers are woken together
 * and then all see the same end, so that what they make of a batch can be made once; and the more
 * there are, the longer the pauses in between, so that waking them has a bound. Who is farther
 * behind than what is kept here reads the journal.
 */
final class Tail {

  /** Of an event at most what a request's body may be; usually well below 1 KiB. */
  static final int KEPT_MAX = 1_024;

  /** So that a client who takes one batch at a time is not given much at once. */
  static final int BATCH_MAX = 256;

  /** Pauses are no shorter than the scheduler's clock, so a few followers have none. */
  private static final int FOLLOWERS_WITHOUT_PAUSE = 20;

  private static final Duration PAUSE_PER_FOLLOWER = Duration.ofNanos(125_000);
  private static final Duration PAUSE_MAX = Duration.ofMillis(125);

  /** What there is after a position. */
  sealed interface Found {}

  /** These follow; at least one. */
  record Some(List<Entry> entries) implements Found {}

  /** None yet; whoever was added hears of the next one. */
  record NothingYet() implements Found {}

  /** What follows is kept no more. */
  record OnlyInJournal() implements Found {}

  private final Entry[] ring = new Entry[KEPT_MAX];
  private final Set<Runnable> followers = ConcurrentHashMap.newKeySet();

  // All below is guarded by this.
  private long oldest = 1;
  private long newest;
  private long shown;

  /** The position of the newest event that has been put in; 0: none. */
  synchronized long newest() {
    return newest;
  }

  /** Nothing before this position will be put in. */
  synchronized void beginAfter(long position) {
    oldest = position + 1;
    newest = position;
  }

  /** Keeps one more event. Followers do not see it before the next {@link #show}. */
  synchronized void put(Entry entry) {
    if (entry.position() <= newest) {
      return; // read again
    }
    if (entry.position() != newest + 1) {
      oldest = entry.position(); // a gap: what is before it cannot be told as a whole
    }
    newest = entry.position();
    oldest = Math.max(oldest, newest - KEPT_MAX + 1);
    ring[slot(newest)] = entry;
  }

  /** Lets followers see everything that was put in, and wakes them. */
  void show() {
    synchronized (this) {
      if (shown == newest) {
        return;
      }
      shown = newest;
    }
    followers.forEach(Runnable::run);
  }

  /** How long to wait from one {@link #show} to the next. */
  Duration pause() {
    int count = followers.size();
    if (count <= FOLLOWERS_WITHOUT_PAUSE) {
      return Duration.ZERO;
    }
    Duration pause = PAUSE_PER_FOLLOWER.multipliedBy(count);
    return pause.compareTo(PAUSE_MAX) < 0 ? pause : PAUSE_MAX;
  }

  /** What follows a position. */
  synchronized Found after(long position) {
    if (position >= shown) {
      return new NothingYet();
    }
    if (position + 1 < oldest) {
      return new OnlyInJournal();
    }
    long last = Math.min(shown, position + BATCH_MAX);
    List<Entry> entries = new ArrayList<>((int) (last - position));
    for (long next = position + 1; next <= last; next++) {
      entries.add(ring[slot(next)]);
    }
    return new Some(List.copyOf(entries));
  }

  /** Runs this at every {@link #show}; it must be quick. */
  void add(Runnable follower) {
    followers.add(follower);
  }

  void remove(Runnable follower) {
    followers.remove(follower);
  }

  private static int slot(long position) {
    return (int) (position % KEPT_MAX);
  }
}
