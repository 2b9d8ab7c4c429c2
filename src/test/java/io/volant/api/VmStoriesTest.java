package io.volant.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.volant.host.HostEvent;
import io.volant.journal.History;
import io.volant.journal.JournalEvent;
import io.volant.model.Stamp;
import io.volant.model.VmId;
import io.volant.vm.VmDirectory;
import io.volant.vm.VmEvent;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.Test;

class VmStoriesTest {

  private static final Instant BEGIN = Instant.parse("2026-11-28T00:00:00Z");

  @Test
  void of_a_very_long_story_the_newest_events_are_told() {
    int length = VmStories.EVENTS_MAX + 10;
    ActorTestKit actors = ActorTestKit.create();
    try {
      List<VmEvent> told =
          new VmStories(actors.system(), new LongHistory(length), new VmDirectory(), 1)
              .of("crashy", true)
              .toCompletableFuture()
              .orTimeout(30, TimeUnit.SECONDS)
              .join();
      assertThat(told).hasSize(VmStories.EVENTS_MAX);
      assertThat(told.getFirst().stamp().id()).isEqualTo("vm/7#11");
      assertThat(told.getLast().stamp().id()).isEqualTo("vm/7#" + length);
    } finally {
      actors.shutdownTestKit();
    }
  }

  /** A VM whose workload was started so often. */
  private record LongHistory(int length) implements History {

    @Override
    public Source<JournalEvent, NotUsed> of(String thing) {
      if (!thing.equals("vm/7")) {
        Stamp stamp = new Stamp("host/1#1", "1", BEGIN, "alice", "r-1");
        return Source.single(new HostEvent.VmRegistered(stamp, new VmId(7), 1, "crashy"));
      }
      return Source.fromJavaStream(() ->
          IntStream.rangeClosed(1, length)
              .mapToObj(n ->
                  new VmEvent.WorkloadStarted(
                      new Stamp("vm/7#" + n, "crashy", BEGIN.plusSeconds(n), "system", "r-1"),
                      1,
                      n,
                      100)));
    }

    @Override
    public CompletionStage<Optional<JournalEvent>> event(String eventId) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
  }
}
