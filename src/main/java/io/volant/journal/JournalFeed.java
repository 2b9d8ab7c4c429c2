package io.volant.journal;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.pattern.Patterns;
import org.apache.pekko.persistence.query.EventEnvelope;
import org.apache.pekko.persistence.query.Offset;
import org.apache.pekko.persistence.query.PersistenceQuery;
import org.apache.pekko.persistence.query.Sequence;
import org.apache.pekko.persistence.query.javadsl.CurrentEventsByPersistenceIdQuery;
import org.apache.pekko.persistence.query.javadsl.CurrentEventsByTagQuery;
import org.apache.pekko.persistence.query.javadsl.EventsByTagQuery;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.RestartSettings;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.RestartSource;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/**
 * The feed as a reading of the journal, by the query plugin that goes with it. One reader follows
 * the journal's end for everybody: an event is read and decoded once, however many listen.
 */
public final class JournalFeed implements EventFeed, History {

  /** Longer than any read of the journal that has begun takes. */
  private static final long LAST_READ_MS = 300;

  /** Who follows must not stand still because one reading failed. */
  private static final RestartSettings READ_AGAIN =
      RestartSettings.create(Duration.ofMillis(100), Duration.ofSeconds(5), 0.2);

  private static final Pattern EVENT_ID = Pattern.compile("([a-z]+/[^#|]{1,128})#([0-9]{1,18})");

  private final ActorSystem<?> system;
  private final EventsByTagQuery query;
  private final CurrentEventsByTagQuery current;
  private final CurrentEventsByPersistenceIdQuery stories;
  private final int pageLength;
  private final SharedKillSwitch readers = KillSwitches.shared("journal-feed");
  private final Tail tail = new Tail();
  private final CompletableFuture<Done> caughtUp = new CompletableFuture<>();

  /**
   * A feed over the journal of {@code system}.
   *
   * @param queryPluginId configuration path of the query plugin
   */
  public static <Q extends org.apache.pekko.persistence.query.javadsl.ReadJournal> JournalFeed open(
      ActorSystem<?> system, Class<Q> type, String queryPluginId) {
    Q journal = PersistenceQuery.get(system).getReadJournalFor(type, queryPluginId);
    if (!(journal instanceof EventsByTagQuery live)
        || !(journal instanceof CurrentEventsByTagQuery current)
        || !(journal instanceof CurrentEventsByPersistenceIdQuery stories)) {
      throw new IllegalArgumentException(
          queryPluginId + " cannot read events by tag and by persistence id");
    }
    int pageLength = system.settings().config().getInt(queryPluginId + ".max-buffer-size");
    JournalFeed feed = new JournalFeed(system, live, current, stories, pageLength);
    feed.followEnd();
    return feed;
  }

  private JournalFeed(
      ActorSystem<?> system,
      EventsByTagQuery query,
      CurrentEventsByTagQuery current,
      CurrentEventsByPersistenceIdQuery stories,
      int pageLength) {
    this.system = system;
    this.pageLength = pageLength;
    this.query = query;
    this.current = current;
    this.stories = stories;
  }

  @Override
  public Source<List<Entry>, NotUsed> batchesAfter(long position) {
    Source<List<Entry>, NotUsed> rest =
        Source.fromGraph(new TailSource(tail, this::some, position));
    boolean ready = caughtUp.isDone() && !caughtUp.isCompletedExceptionally();
    return (ready ? rest : once(caughtUp, rest)).via(readers.<List<Entry>>flow());
  }

  private static <T> Source<T, NotUsed> once(
      CompletionStage<Done> moment, Source<T, NotUsed> rest) {
    return Source.completionStageSource(moment.thenApply(_ -> rest))
        .mapMaterializedValue(_ -> NotUsed.getInstance());
  }

  private CompletionStage<List<Entry>> some(long position) {
    return current
        .currentEventsByTag(TAG, Offset.sequence(position))
        .take(Tail.BATCH_MAX)
        .via(readers.<EventEnvelope>flow())
        .map(JournalFeed::entry)
        .runWith(Sink.seq(), system);
  }

  @Override
  public Source<JournalEvent, NotUsed> of(String thing) {
    return story(thing, 0, Long.MAX_VALUE);
  }

  @Override
  public CompletionStage<Optional<JournalEvent>> event(String eventId) {
    Matcher matcher = EVENT_ID.matcher(eventId);
    if (!matcher.matches()) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    long number = Long.parseLong(matcher.group(2));
    return story(matcher.group(1), number, number)
        .filter(event -> event.stamp().id().equals(eventId))
        .runWith(Sink.headOption(), system);
  }

  private Source<JournalEvent, NotUsed> story(String thing, long from, long to) {
    int slash = thing.indexOf('/');
    if (slash <= 0) {
      return Source.empty();
    }
    PersistenceId key = PersistenceId.of(thing.substring(0, slash), thing.substring(slash + 1));
    return Source.unfoldAsync(from, next -> page(key, next, to))
        .mapConcat(page -> page)
        .map(envelope -> entry(envelope).event());
  }

  /**
   * The next events of a story and where to go on; nothing at its end. In pages that the query
   * reads at once: it waits for ever where a single event is left after its first read.
   */
  private CompletionStage<Optional<Pair<Long, List<EventEnvelope>>>> page(
      PersistenceId key, long from, long to) {
    if (from > to) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    return stories
        .currentEventsByPersistenceId(
            key.id(), from, to - from < pageLength ? to : from + pageLength - 1)
        .via(readers.<EventEnvelope>flow())
        .runWith(Sink.seq(), system)
        .thenApply(page ->
            page.isEmpty()
                ? Optional.empty()
                : Optional.of(Pair.create(page.getLast().sequenceNr() + 1, page)));
  }

  /**
   * Ends every reading. To be awaited before the actor system ends: LevelDB takes the whole process
   * down when it is closed under a reader.
   */
  public CompletionStage<Done> close() {
    readers.shutdown();
    return CompletableFuture.supplyAsync(
        Done::getInstance, CompletableFuture.delayedExecutor(LAST_READ_MS, TimeUnit.MILLISECONDS));
  }

  @Override
  public CompletionStage<Long> latest() {
    // The reader lags a little: what it has not seen yet is looked up, so that nothing which was
    // stored before this call is missing.
    return caughtUp.thenCompose(_ -> {
      long known = tail.newest();
      return current
          .currentEventsByTag(TAG, Offset.sequence(known))
          .map(JournalFeed::position)
          .runWith(Sink.fold(known, Math::max), system);
    });
  }

  private void followEnd() {
    end()
        .whenComplete((end, failure) -> {
          if (failure != null) {
            caughtUp.completeExceptionally(failure);
            return;
          }
          tail.beginAfter(Math.max(0, end - Tail.KEPT_MAX));
          caughtUpIf(end == 0);
          var _ =
              RestartSource.onFailuresWithBackoff(READ_AGAIN, () -> kept(end))
                  .conflate((_, later) -> later)
                  .mapAsync(1, _ -> shown())
                  .runWith(Sink.ignore(), system);
        });
  }

  /** What follows what the tail has, put into it. */
  private Source<Entry, NotUsed> kept(long end) {
    return query
        .eventsByTag(TAG, Offset.sequence(tail.newest()))
        .via(readers.<EventEnvelope>flow())
        .map(envelope -> {
          Entry entry = entry(envelope);
          tail.put(entry);
          caughtUpIf(entry.position() == end);
          return entry;
        });
  }

  private void caughtUpIf(boolean atEnd) {
    if (atEnd) {
      tail.show();
      caughtUp.complete(Done.getInstance());
    }
  }

  /** Shows what there is; the next time is after a pause. */
  private CompletionStage<Done> shown() {
    CompletionStage<Done> done = CompletableFuture.completedFuture(Done.getInstance());
    if (!caughtUp.isDone()) {
      return done;
    }
    tail.show();
    Duration pause = tail.pause();
    return pause.isZero() ? done : Patterns.after(pause, system, () -> done);
  }

  /**
   * The newest position, found by halving: positions have no gaps, and to read a journal from its
   * beginning only to know where it ends takes seconds when it is long.
   */
  private CompletionStage<Long> end() {
    return firstPower(1).thenCompose(beyond -> endBetween(beyond / 2, beyond));
  }

  /** A power of two after which nothing follows. */
  private CompletionStage<Long> firstPower(long position) {
    return follows(position)
        .thenCompose(
            more -> more ? firstPower(2 * position) : CompletableFuture.completedFuture(position));
  }

  /** The end is after {@code low}, or at it, and not after {@code high}. */
  private CompletionStage<Long> endBetween(long low, long high) {
    if (low == high) {
      return CompletableFuture.completedFuture(low);
    }
    long middle = low + (high - low) / 2;
    return follows(middle)
        .thenCompose(more -> more ? endBetween(middle + 1, high) : endBetween(low, middle));
  }

  private CompletionStage<Boolean> follows(long position) {
    return current
        .currentEventsByTag(TAG, Offset.sequence(position))
        .take(1)
        .runWith(Sink.headOption(), system)
        .thenApply(Optional::isPresent);
  }

  private static Entry entry(EventEnvelope envelope) {
    if (envelope.event() instanceof JournalEvent event) {
      return new Entry(position(envelope), event);
    }
    throw new IllegalStateException("not an event of ours: " + envelope.event().getClass());
  }

  private static long position(EventEnvelope envelope) {
    if (envelope.offset() instanceof Sequence sequence) {
      return sequence.value();
    }
    throw new IllegalStateException("not a position of ours: " + envelope.offset());
  }
}
