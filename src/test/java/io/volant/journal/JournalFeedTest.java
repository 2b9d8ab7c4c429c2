package io.volant.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.volant.adapter.simulated.SimulatedWorld;
import io.volant.fake.Requests;
import io.volant.fake.SimulatedHost;
import io.volant.host.HostCommand;
import io.volant.journal.EventFeed.Entry;
import io.volant.model.Asker;
import io.volant.plugin.PluginReply;
import io.volant.vm.VmCommand.Goal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.pekko.persistence.query.journal.leveldb.javadsl.LeveldbReadJournal;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The feed over a real journal, of a daemon that comes and goes. */
@SuppressWarnings("deprecation") // Pekko would rather see JDBC; the customer wants LevelDB
class JournalFeedTest {

  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final int ROUNDS = 12;

  @TempDir private Path home;
  private final SimulatedWorld world = SimulatedHost.world();
  private SimulatedHost host;
  private JournalFeed feed;

  @BeforeEach
  void startDaemon() {
    host = SimulatedHost.start(home, world);
    feed = feed();
    Requests.install(host, "hello");
  }

  @AfterEach
  void endDaemon() {
    host.die();
    world.close();
  }

  @Test
  void a_story_of_any_length_is_read_to_its_end() {
    Duration patience = Duration.ofSeconds(5);
    for (int events = 2; events <= 203; events++) {
      boolean enabled = events % 2 == 1;
      host.<PluginReply>ask(replyTo ->
          new HostCommand.SetPluginEnabled("hello", enabled, new Asker("tester", "r"), replyTo));
      int length = events;
      if ((length + 1) % 100 > 3) {
        continue; // it is read by the hundred
      }
      assertThat(
              feed.of("plugin/hello")
                  .runWith(Sink.seq(), host.system())
                  .toCompletableFuture()
                  .orTimeout(patience.toSeconds(), TimeUnit.SECONDS))
          .as("a story of %d events", length)
          .succeedsWithin(patience)
          .satisfies(story -> assertThat(story).hasSize(length));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {21, 22, 23})
  void a_client_that_comes_and_goes_sees_every_event_once_and_in_order(long seed) {
    Random random = new Random(seed);
    List<Entry> seen = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      String name = "vm" + round;
      Requests.create(host, name, "");
      Requests.await(host, name, Goal.HEALTHY);
      if (random.nextInt(4) == 0) {
        host.die();
        host = SimulatedHost.start(home, world);
        feed = feed();
      }
      long position = seen.isEmpty() ? 0 : seen.getLast().position();
      seen.addAll(take(position, 1 + random.nextInt(12)));
    }
    long last = latestIsAtLeast(seen.getLast().position());
    int missing = Math.toIntExact(last - seen.getLast().position());
    if (missing > 0) {
      seen.addAll(take(seen.getLast().position(), missing));
    }
    assertThat(seen)
        .as("seed %s", seed)
        .extracting(Entry::position)
        .containsExactlyElementsOf(LongStream.rangeClosed(1, seen.size()).boxed().toList());
    assertThat(seen).as("seed %s", seed).isEqualTo(take(0, seen.size()));
    assertThat(seen)
        .as("seed %s", seed)
        .extracting(entry -> entry.event().stamp().id())
        .doesNotHaveDuplicates()
        .contains("host/0#1", "vm/1#1", "vm/" + ROUNDS + "#2");
  }

  @Test
  void the_newest_position_follows_the_journal_over_a_restart() {
    Requests.create(host, "a", "");
    Requests.await(host, "a", Goal.HEALTHY);
    int stored = take(0, 10).size();
    long before = latestIsAtLeast(stored);
    host.die();
    host = SimulatedHost.start(home, world);
    feed = feed();
    assertThat(latestIsAtLeast(before)).isGreaterThanOrEqualTo(before);
    Requests.create(host, "b", "");
    assertThat(latestIsAtLeast(before + 3)).isGreaterThan(before);
  }

  private long latestIsAtLeast(long position) {
    await().atMost(PATIENCE).until(() -> latest() >= position);
    return latest();
  }

  private long latest() {
    return feed.latest()
        .toCompletableFuture()
        .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
        .join();
  }

  private List<Entry> take(long position, int count) {
    return feed.after(position)
        .take(count)
        .runWith(Sink.seq(), host.system())
        .toCompletableFuture()
        .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
        .join();
  }

  private JournalFeed feed() {
    return JournalFeed.open(
        host.system(), LeveldbReadJournal.class, LeveldbReadJournal.Identifier());
  }
}
