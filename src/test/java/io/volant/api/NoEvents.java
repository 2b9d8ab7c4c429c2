package io.volant.api;

import io.volant.journal.EventFeed;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/** A feed in which nothing ever happens. */
final class NoEvents implements EventFeed {
  @Override
  public Source<Entry, NotUsed> after(long position) {
    return Source.empty();
  }

  @Override
  public CompletionStage<Long> latest() {
    return CompletableFuture.completedFuture(0L);
  }
}
