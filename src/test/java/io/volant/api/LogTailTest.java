package io.volant.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LogTailTest {

  private static ActorTestKit kit;

  @BeforeAll
  static void start() {
    kit = ActorTestKit.create();
  }

  @AfterAll
  static void stop() {
    kit.shutdownTestKit();
  }

  @Test
  void who_reads_late_gets_the_newest_and_is_told_how_many_are_missing() throws Exception {
    LogTail tail = new LogTail(_ -> {}, _ -> {});
    int pushedOut = 0;
    for (int number = 1; number <= 1_500; number++) {
      pushedOut += tail.offer(ByteString.fromString("line " + number));
    }
    assertThat(pushedOut).isEqualTo(500);
    List<String> read = read(tail, 1_001);
    assertThat(read.getFirst()).isEqualTo(": 500 log lines were left out\n\n");
    assertThat(read.subList(1, 3)).containsExactly("line 501", "line 502");
    assertThat(read.getLast()).isEqualTo("line 1500");
  }

  @Test
  void long_lines_are_bounded_by_their_bytes() throws Exception {
    LogTail tail = new LogTail(_ -> {}, _ -> {});
    for (int number = 0; number < 10; number++) {
      tail.offer(ByteString.fromString((number + " ").repeat(50 << 10))); // 100 KiB each
    }
    List<String> read = read(tail, 3);
    assertThat(read.getFirst()).isEqualTo(": 8 log lines were left out\n\n");
    assertThat(read.getLast()).startsWith("9 ");
  }

  @Test
  void beginning_and_end_are_told_once() throws Exception {
    AtomicInteger begun = new AtomicInteger();
    AtomicInteger ended = new AtomicInteger();
    LogTail tail = new LogTail(_ -> begun.incrementAndGet(), _ -> ended.incrementAndGet());
    assertThat(begun).hasValue(0);
    tail.offer(ByteString.fromString("line"));
    assertThat(read(tail, 1)).containsExactly("line");
    org.awaitility.Awaitility.await().untilAtomic(ended, org.hamcrest.Matchers.is(1));
    assertThat(begun).hasValue(1);
  }

  private static List<String> read(LogTail tail, int count) throws Exception {
    return Source.fromGraph(tail)
        .map(ByteString::utf8String)
        .take(count)
        .runWith(Sink.seq(), kit.system())
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS);
  }
}
