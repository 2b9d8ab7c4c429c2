package io.volant.adapter.leveldb;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.query.Offset;
import org.apache.pekko.persistence.query.PersistenceQuery;
import org.apache.pekko.persistence.query.journal.leveldb.javadsl.LeveldbReadJournal;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.stream.javadsl.Sink;
import org.iq80.leveldb.WriteBatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.Function1;

/** Writers that all write at once, on a real LevelDB with a disk that takes its time. */
@SuppressWarnings("deprecation") // Pekko advises against LevelDB; the customer asked for it
class GroupCommitJournalTest {

  private static final int WRITERS = 40;
  private static final int WRITES = 10;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final AtomicInteger COMMITS = new AtomicInteger();

  @TempDir private Path folder;
  private ActorSystem<Void> system;

  /** What a writer is asked: store this, then say how many are stored. */
  record Store(String event, ActorRef<Integer> replyTo) {}

  /** The journal, with a slow disk and a count of what went to it. */
  public static final class SlowJournal extends GroupCommitJournal {

    public SlowJournal(Config config) {
      super(config);
    }

    @Override
    public <R> R withBatch(Function1<WriteBatch, R> body) {
      COMMITS.incrementAndGet();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(3));
      return super.withBatch(body);
    }
  }

  @BeforeEach
  void begin() {
    COMMITS.set(0);
    system = start();
  }

  @AfterEach
  void end() {
    stop();
  }

  @Test
  void what_waits_together_is_stored_together() {
    writeAll();
    assertThat(COMMITS.get()).isBetween(WRITES, WRITERS * WRITES / 2);
  }

  @Test
  void every_answered_event_is_there_after_a_restart() {
    writeAll();
    stop();
    system = start();
    List<CompletableFuture<Integer>> counts =
        IntStream.range(0, WRITERS).mapToObj(i -> ask(writer(i), "one more")).toList();
    assertThat(counts.stream().map(CompletableFuture::join)).containsOnly(WRITES + 1);
  }

  @Test
  void the_feed_has_each_event_once_and_in_the_writers_order() {
    writeAll();
    List<String> fed =
        PersistenceQuery.get(system)
            .getReadJournalFor(LeveldbReadJournal.class, LeveldbReadJournal.Identifier())
            .currentEventsByTag("all", Offset.sequence(0))
            .map(envelope -> envelope.persistenceId() + " " + envelope.event())
            .runWith(Sink.seq(), system)
            .toCompletableFuture()
            .join();
    assertThat(fed).hasSize(WRITERS * WRITES).doesNotHaveDuplicates();
    assertThat(fed.stream().filter(line -> line.startsWith("writer|7 ")))
        .containsExactlyElementsOf(
            IntStream.range(0, WRITES).mapToObj(i -> "writer|7 event " + i).toList());
  }

  @Test
  void a_write_alone_does_not_wait_for_others() {
    ActorRef<Store> writer = writer(0);
    for (int i = 1; i <= WRITES; i++) {
      assertThat(ask(writer, "event " + i).join()).isEqualTo(i);
    }
    assertThat(COMMITS.get()).isEqualTo(WRITES);
  }

  @Test
  void who_listens_hears_of_the_writes_of_this_system_only() {
    AtomicInteger heard = new AtomicInteger();
    JournalTimes.tell(
        system,
        (events, took) -> {
          assertThat(took).isPositive();
          heard.addAndGet(events);
        });
    ask(writer(0), "event 0").join();
    assertThat(heard).hasValue(1);
    stop();
    system = start();
    ask(writer(0), "event 1").join();
    assertThat(heard).hasValue(1);
  }

  private void writeAll() {
    List<ActorRef<Store>> writers = IntStream.range(0, WRITERS).mapToObj(this::writer).toList();
    List<CompletableFuture<Integer>> answers = new ArrayList<>();
    for (int i = 0; i < WRITES; i++) {
      for (ActorRef<Store> writer : writers) {
        answers.add(ask(writer, "event " + i));
      }
    }
    answers.forEach(CompletableFuture::join);
  }

  private CompletableFuture<Integer> ask(ActorRef<Store> writer, String event) {
    return AskPattern.<Store, Integer>ask(
            writer, replyTo -> new Store(event, replyTo), PATIENCE, system.scheduler())
        .toCompletableFuture();
  }

  private ActorRef<Store> writer(int number) {
    return system.systemActorOf(Writer.create(number), "writer-" + number, Props.empty());
  }

  private ActorSystem<Void> start() {
    Config config =
        ConfigFactory.parseMap(
                Map.of(
                    "pekko.persistence.journal.leveldb.dir", folder.resolve("journal").toString()))
            .withFallback(ConfigFactory.parseResources("engine.conf"))
            .withFallback(ConfigFactory.defaultReferenceUnresolved())
            .resolve();
    ActorSystem<Void> created = ActorSystem.create(Behaviors.empty(), "group-commit", config);
    GroupCommitJournal.useIn(created, SlowJournal.class);
    return created;
  }

  private void stop() {
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().join();
  }

  /** Counts what it stored. */
  private static final class Writer extends EventSourcedBehavior<Store, String, Integer> {

    static Behavior<Store> create(int number) {
      return Behaviors.setup(_ -> new Writer(number));
    }

    private Writer(int number) {
      super(PersistenceId.of("writer", Integer.toString(number)));
    }

    @Override
    public Integer emptyState() {
      return 0;
    }

    @Override
    public CommandHandler<Store, String, Integer> commandHandler() {
      return (_, store) ->
          Effect().persist(store.event()).thenRun((Integer count) -> store.replyTo().tell(count));
    }

    @Override
    public EventHandler<Integer, String> eventHandler() {
      return (count, _) -> count + 1;
    }

    @Override
    public Set<String> tagsFor(String event) {
      return Set.of("all");
    }
  }
}
