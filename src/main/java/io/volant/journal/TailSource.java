package io.volant.journal;

import io.volant.journal.EventFeed.Entry;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.LongFunction;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.SourceShape;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.AsyncCallback;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.jspecify.annotations.Nullable;

/**
 * Every event after a position, for ever, in batches: from the {@link Tail}, and from the journal
 * as long as that does not reach back far enough. Takes nothing that was not asked for.
 */
final class TailSource extends GraphStage<SourceShape<List<Entry>>> {

  private final Outlet<List<Entry>> out = Outlet.create("TailSource.out");
  private final SourceShape<List<Entry>> shape = SourceShape.of(out);
  private final Tail tail;
  private final LongFunction<CompletionStage<List<Entry>>> journal;
  private final long begin;

  /**
   * The source.
   *
   * @param journal reads some of what follows a position
   * @param begin the position after which to begin
   */
  TailSource(Tail tail, LongFunction<CompletionStage<List<Entry>>> journal, long begin) {
    this.tail = tail;
    this.journal = journal;
    this.begin = begin;
  }

  @Override
  public SourceShape<List<Entry>> shape() {
    return shape;
  }

  @Override
  public GraphStageLogic createLogic(Attributes inheritedAttributes) {
    return new Logic();
  }

  /** The end of a reading of the journal. */
  private record Read(@Nullable List<Entry> entries, @Nullable Throwable failure) {}

  private final class Logic extends GraphStageLogic {

    private final AsyncCallback<Boolean> woken = createAsyncCallback(_ -> lookAgain());
    private final AsyncCallback<Read> read = createAsyncCallback(this::onRead);
    private final Runnable follower = this::wake;
    private long position = begin;

    /** Whether there is demand and nothing to give; the tail's thread looks at it, too. */
    private volatile boolean waiting;

    Logic() {
      super(shape);
      setHandler(
          out,
          new AbstractOutHandler() {
            @Override
            public void onPull() {
              give();
            }
          });
    }

    @Override
    public void preStart() {
      tail.add(follower);
    }

    @Override
    public void postStop() {
      tail.remove(follower);
    }

    private void wake() {
      if (waiting) {
        woken.invoke(true);
      }
    }

    private void lookAgain() {
      if (waiting) {
        give();
      }
    }

    private void give() {
      waiting = true; // before looking: what comes right after it wakes this
      switch (tail.after(position)) {
        case Tail.Some(var entries) -> give(entries);
        case Tail.NothingYet _ -> {}
        case Tail.OnlyInJournal _ -> {
          waiting = false;
          journal
              .apply(position)
              .whenComplete((entries, failure) -> read.invoke(new Read(entries, failure)));
        }
      }
    }

    private void give(List<Entry> entries) {
      waiting = false;
      position = entries.getLast().position();
      push(out, entries);
    }

    private void onRead(Read result) {
      if (result.entries() == null) {
        failStage(
            result.failure() != null
                ? result.failure()
                : new IllegalStateException("the journal gave nothing"));
      } else if (result.entries().isEmpty()) {
        failStage(new IllegalStateException("the journal has no events after " + position));
      } else {
        give(result.entries());
      }
    }
  }
}
