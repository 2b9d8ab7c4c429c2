package io.volant.journal;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/** The whole story of one thing, read from the journal: also of things that are gone. */
public interface History {

  /**
   * Every stored event of a thing, the oldest first, up to now.
   *
   * @param thing as an event's own id has it before the {@code #}, such as {@code vm/7}; of what
   *     there never was, there are no events
   */
  Source<JournalEvent, NotUsed> of(String thing);

  /**
   * One event.
   *
   * @param eventId such as {@code vm/7#12}; what is not the id of an event finds nothing
   */
  CompletionStage<Optional<JournalEvent>> event(String eventId);
}
