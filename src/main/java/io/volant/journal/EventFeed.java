package io.volant.journal;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/**
 * All stored events of this host, in one order. A position is a place in that order; it means the
 * same after a reconnect and after a restart of the daemon.
 */
public interface EventFeed {

  /** The tag that every stored event carries. */
  String TAG = "volant";

  /**
   * Every event after {@code position} (0: from the beginning), then each new one, for ever; those
   * that came together in one list, never empty. All who follow the end get the same lists.
   */
  Source<List<Entry>, NotUsed> batchesAfter(long position);

  /** The same, one by one. */
  default Source<Entry, NotUsed> after(long position) {
    return batchesAfter(position).mapConcat(entries -> entries);
  }

  /** The position of the newest event; 0: there is none. */
  CompletionStage<Long> latest();

  /** An event and its place. */
  record Entry(long position, JournalEvent event) {}
}
