package io.volant.api;

import io.volant.journal.EventFeed;
import io.volant.journal.History;
import io.volant.journal.JournalEvent;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/** A feed in which nothing ever happens. */
final class NoEvents implements EventFeed, History {
  @Override
  public Source<List<Entry>, NotUsed> batchesAfter(long position) {
    return Source.empty();
  }

  @Override
  public CompletionStage<Long> latest() {
    return CompletableFuture.completedFuture(0L);
  }

  @Override
  public Source<JournalEvent, NotUsed> of(String thing) {
    return Source.empty();
  }

  @Override
  public CompletionStage<Optional<JournalEvent>> event(String eventId) {
    return CompletableFuture.completedFuture(Optional.empty());
  }
}
