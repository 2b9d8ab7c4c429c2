package io.volant.journal;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.persistence.query.EventEnvelope;
import org.apache.pekko.persistence.query.Offset;
import org.apache.pekko.persistence.query.PersistenceQuery;
import org.apache.pekko.persistence.query.Sequence;
import org.apache.pekko.persistence.query.javadsl.CurrentEventsByPersistenceIdQuery;
import org.apache.pekko.persistence.query.javadsl.CurrentEventsByTagQuery;
import org.apache.pekko.persistence.query.javadsl.EventsByTagQuery;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/**
 * The feed as a reading of the journal, by the query plugin that goes with it. One reader of its
 * own follows the journal's end, so that a client which wants only what is new need not read it
 * all.
 */
public final class JournalFeed implements EventFeed, History {

  /** Longer than any read of the journal that has begun takes. */
  private static final long LAST_READ_MS = 300;

  private static final Pattern EVENT_ID = Pattern.compile("([a-z]+/[^#|]{1,128})#([0-9]{1,18})");

  private final ActorSystem<?> system;
  private final EventsByTagQuery query;
  private final CurrentEventsByTagQuery current;
  private final CurrentEventsByPersistenceIdQuery stories;
  private final int pageLength;
  private final SharedKillSwitch readers = KillSwitches.shared("journal-feed");
  private final AtomicLong newest = new AtomicLong();
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
  public Source<Entry, NotUsed> after(long position) {
    return query
        .eventsByTag(TAG, Offset.sequence(position))
        .via(readers.<EventEnvelope>flow())
        .map(JournalFeed::entry);
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
    return caughtUp.thenCompose(_ ->
        current
            .currentEventsByTag(TAG, Offset.sequence(newest.get()))
            .map(JournalFeed::position)
            .runWith(Sink.fold(newest.get(), Math::max), system));
  }

  private void followEnd() {
    current
        .currentEventsByTag(TAG, Offset.sequence(0))
        .map(JournalFeed::position)
        .runWith(Sink.foreach(newest::set), system)
        .whenComplete((_, failure) -> {
          if (failure != null) {
            caughtUp.completeExceptionally(failure);
            return;
          }
          caughtUp.complete(Done.getInstance());
          var _ =
              query
                  .eventsByTag(TAG, Offset.sequence(newest.get()))
                  .via(readers.<EventEnvelope>flow())
                  .map(JournalFeed::position)
                  .runWith(Sink.foreach(newest::set), system);
        });
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
