package io.volant.adapter.leveldb;

import com.typesafe.config.Config;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongSupplier;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.journal.leveldb.LeveldbJournal;
import scala.Function1;
import scala.runtime.BoxedUnit;

/**
 * Pekko's LevelDB journal, closed only when nobody reads it. Pekko reads on threads of their own,
 * and closes the files when the actor stops; LevelDB takes the whole process down when that happens
 * below an open iterator. Here the closing waits for the readings, and a reading that comes later
 * fails.
 */
@SuppressWarnings("deprecation") // Pekko advises against LevelDB; the customer asked for it
public class ReadGuardedJournal extends LeveldbJournal {

  /** A reading takes milliseconds; one of a whole long journal takes seconds. */
  private static final long CLOSE_PATIENCE_S = 30;

  private final ReadWriteLock guard = new ReentrantReadWriteLock();
  private boolean closed;

  /** The journal as configured; Pekko makes it. */
  public ReadGuardedJournal(Config config) {
    super(config);
  }

  @Override
  public void replayMessages(
      int id, long from, long to, long max, Function1<PersistentRepr, BoxedUnit> callback) {
    long _ =
        reading(() -> {
          super.replayMessages(id, from, to, max, callback);
          return 0;
        });
  }

  @Override
  public void replayTaggedMessages(
      String tag,
      int id,
      long from,
      long to,
      long max,
      Function1<ReplayedTaggedMessage, BoxedUnit> callback) {
    long _ =
        reading(() -> {
          super.replayTaggedMessages(tag, id, from, to, max, callback);
          return 0;
        });
  }

  @Override
  public long readHighestSequenceNr(int id) {
    return reading(() -> super.readHighestSequenceNr(id));
  }

  @Override
  public void postStop() {
    try {
      if (!guard.writeLock().tryLock(CLOSE_PATIENCE_S, TimeUnit.SECONDS)) {
        return; // left open: what was answered for is on disk, and the process lives
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return;
    }
    try {
      closed = true;
      super.postStop();
    } finally {
      guard.writeLock().unlock();
    }
  }

  private long reading(LongSupplier read) {
    guard.readLock().lock();
    try {
      if (closed) {
        throw new IllegalStateException("the journal is closed");
      }
      return read.getAsLong();
    } finally {
      guard.readLock().unlock();
    }
  }
}
