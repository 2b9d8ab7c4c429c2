package io.volant.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.volant.journal.EventFeed.Entry;
import io.volant.model.Stamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The newest events and those who follow them, over a journal that is a list. */
class TailTest {

  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Tail tail = new Tail();
  private final List<Entry> journal = new CopyOnWriteArrayList<>();
  private final AtomicInteger readings = new AtomicInteger();

  @AfterAll
  static void end() {
    KIT.shutdownTestKit();
  }

  @Test
  void what_was_put_in_is_seen_when_it_is_shown() {
    store(3);
    assertThat(tail.after(0)).isInstanceOf(Tail.NothingYet.class);
    tail.show();
    assertThat(positions(tail.after(0))).containsExactly(1L, 2L, 3L);
    assertThat(positions(tail.after(2))).containsExactly(3L);
    assertThat(tail.after(3)).isInstanceOf(Tail.NothingYet.class);
    assertThat(tail.after(99)).isInstanceOf(Tail.NothingYet.class);
  }

  @Test
  void no_more_is_kept_and_given_than_is_allowed() {
    store(Tail.KEPT_MAX + 5);
    tail.show();
    assertThat(tail.after(4)).isInstanceOf(Tail.OnlyInJournal.class);
    assertThat(positions(tail.after(5)))
        .hasSize(Tail.BATCH_MAX)
        .startsWith(6L)
        .endsWith(5L + Tail.BATCH_MAX);
  }

  @Test
  void what_was_read_again_is_not_kept_again_and_what_is_missing_is_left_to_the_journal() {
    tail.beginAfter(10);
    tail.put(entry(11));
    tail.put(entry(12));
    tail.put(entry(11));
    tail.show();
    assertThat(positions(tail.after(10))).containsExactly(11L, 12L);
    assertThat(tail.after(9)).isInstanceOf(Tail.OnlyInJournal.class);
    tail.put(entry(14));
    tail.show();
    assertThat(tail.after(12)).isInstanceOf(Tail.OnlyInJournal.class);
    assertThat(positions(tail.after(13))).containsExactly(14L);
  }

  @Test
  void the_more_follow_the_longer_the_pauses_up_to_a_limit() {
    follow(20);
    assertThat(tail.pause()).isZero();
    follow(480);
    assertThat(tail.pause()).isEqualTo(Duration.ofNanos(62_500_000));
    follow(4_500);
    assertThat(tail.pause()).isEqualTo(Duration.ofMillis(125));
  }

  @ParameterizedTest
  @ValueSource(longs = {31, 32, 33})
  void everybody_gets_every_event_once_and_in_order_wherever_they_begin(long seed) {
    Random random = new Random(seed);
    int count = 3 * Tail.KEPT_MAX;
    store(random.nextInt(2 * Tail.KEPT_MAX));
    List<Long> begins = new ArrayList<>();
    List<CompletableFuture<List<Entry>>> heard = new ArrayList<>();
    for (int follower = 0; follower < 30; follower++) {
      long begin = random.nextInt(journal.size() + 1);
      begins.add(begin);
      heard.add(
          source(begin)
              .mapConcat(entries -> entries)
              .takeWhile(entry -> entry.position() < count, true)
              .runWith(Sink.seq(), KIT.system())
              .toCompletableFuture());
    }
    while (journal.size() < count) {
      store(Math.min(count - journal.size(), 1 + random.nextInt(40)));
      tail.show();
    }
    for (int follower = 0; follower < heard.size(); follower++) {
      assertThat(heard.get(follower).orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join())
          .as("seed %s, after %s", seed, begins.get(follower))
          .isEqualTo(journal.subList(begins.get(follower).intValue(), count));
    }
  }

  @Test
  void who_does_not_ask_gets_nothing_and_costs_no_reading() {
    store(10);
    tail.show();
    SinkQueueWithCancel<List<Entry>> slow =
        source(0).runWith(Sink.<List<Entry>>queue().withAttributes(one()), KIT.system());
    assertThat(pulled(slow)).hasSize(10);
    store(2 * Tail.KEPT_MAX);
    tail.show();
    await().atMost(PATIENCE).until(() -> readings.get() == 1); // for the queue's one place
    List<Entry> waiting = pulled(slow);
    assertThat(readings.get()).isBetween(1, 2);
    long last = waiting.getLast().position();
    while (last < journal.size()) {
      List<Entry> next = pulled(slow);
      assertThat(next.getFirst().position()).isEqualTo(last + 1);
      last = next.getLast().position();
    }
    slow.cancel();
  }

  @Test
  void who_has_gone_is_woken_no_more() {
    SinkQueueWithCancel<List<Entry>> follower = source(0).runWith(Sink.queue(), KIT.system());
    follow(30);
    await().atMost(PATIENCE).until(() -> tail.pause().toNanos() == 3_875_000);
    follower.cancel();
    await().atMost(PATIENCE).until(() -> tail.pause().toNanos() == 3_750_000);
  }

  private static Attributes one() {
    return Attributes.inputBuffer(1, 1);
  }

  private void follow(int count) {
    for (int i = 0; i < count; i++) {
      AtomicInteger woken = new AtomicInteger();
      tail.add(woken::incrementAndGet); // each is another one
    }
  }

  private static List<Entry> pulled(SinkQueueWithCancel<List<Entry>> queue) {
    return queue
        .pull()
        .toCompletableFuture()
        .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
        .join()
        .orElseThrow();
  }

  private Source<List<Entry>, NotUsed> source(long begin) {
    return Source.fromGraph(new TailSource(tail, this::read, begin));
  }

  private CompletionStage<List<Entry>> read(long position) {
    readings.incrementAndGet();
    List<Entry> some = journal.stream().skip(position).limit(100).toList();
    return CompletableFuture.supplyAsync(() -> some);
  }

  private void store(int count) {
    for (int i = 0; i < count; i++) {
      Entry entry = entry(journal.size() + 1);
      journal.add(entry);
      tail.put(entry);
    }
  }

  private static List<Long> positions(Tail.Found found) {
    return found instanceof Tail.Some(var entries)
        ? entries.stream().map(Entry::position).toList()
        : List.of();
  }

  private static Entry entry(long position) {
    Stamp stamp = new Stamp("test/1#" + position, "test", Instant.EPOCH, "tester", "test");
    return new Entry(position, () -> stamp);
  }
}
