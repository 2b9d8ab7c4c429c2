package io.volant.adapter.unixsocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

class UnixFlowTest extends UnixSocketsFixture {

  static final int CHUNK_BYTES = 100_000;
  static final int CHUNKS = 500;

  @Test
  void fifty_megabytes_come_back_unchanged() throws Exception {
    try (UnixServer server = echoServer()) {
      CRC32C sent = new CRC32C();
      CRC32C received = new CRC32C();
      AtomicLong receivedBytes = new AtomicLong();
      SplittableRandom random = new SplittableRandom(4711);
      Source<ByteString, NotUsed> chunks =
          Source.range(1, CHUNKS)
              .map(number -> {
                byte[] chunk = new byte[CHUNK_BYTES];
                random.nextBytes(chunk);
                sent.update(chunk);
                return ByteString.fromArrayUnsafe(chunk);
              })
              .mapMaterializedValue(ignored -> NotUsed.getInstance());
      get(
          chunks
              .via(connect(server).flow())
              .runForeach(
                  bytes -> {
                    received.update(bytes.asByteBuffer());
                    receivedBytes.addAndGet(bytes.size());
                  },
                  system));
      assertThat(receivedBytes).hasValue((long) CHUNK_BYTES * CHUNKS);
      assertThat(received.getValue()).isEqualTo(sent.getValue());
    }
  }

  @Test
  void one_element_of_ten_megabytes_is_written_in_pieces() throws Exception {
    try (UnixServer server = echoServer()) {
      byte[] large = new byte[10_000_000];
      new SplittableRandom(815).nextBytes(large);
      ByteString back =
          get(
              Source.single(ByteString.fromArrayUnsafe(large))
                  .via(connect(server).flow())
                  .runFold(new CRC32C(), UnixSocketsFixture::add, system)
                  .thenApply(crc -> ByteString.fromString(Long.toHexString(crc.getValue()))));
      CRC32C expected = new CRC32C();
      expected.update(large);
      assertThat(back.utf8String()).isEqualTo(Long.toHexString(expected.getValue()));
    }
  }

  @Test
  void a_peer_that_closes_completes_the_stream_after_its_last_bytes() throws Exception {
    try (UnixServer server = server(peer -> peer.write(bytes("good bye")))) {
      ByteString all =
          get(
              Source.<ByteString>maybe()
                  .viaMat(connect(server).flow(), Keep.right())
                  .runFold(ByteString.emptyByteString(), ByteString::concat, system));
      assertThat(all.utf8String()).isEqualTo("good bye");
      await().untilAsserted(() -> assertThat(sockets.openConnections()).isZero());
    }
  }

  @Test
  void a_peer_that_closes_while_nobody_reads_costs_no_processor_time() throws Exception {
    try (UnixServer server = server(peer -> peer.write(bytes("last words")))) {
      UnixConnection connection = connect(server);
      var queues = queues(connection);
      assertThat(get(queues.second().pull()).orElseThrow().utf8String()).isEqualTo("last words");
      // The queue asks for one more element; after the end nothing may be polled for.
      await().untilAsserted(() -> assertThat(sockets.openConnections()).isZero());
      long cpuBefore = cpuNanos("unix-sockets");
      get(CompletableFuture.supplyAsync(() -> Done.done(), later(300)));
      assertThat(cpuNanos("unix-sockets") - cpuBefore).isLessThan(100_000_000L);
    }
  }

  @Test
  void a_peer_that_closes_before_we_read_is_still_heard_and_does_not_spin() throws Exception {
    try (UnixServer server =
        server(peer -> {
          // Closing with our byte unread would be a reset.
          peer.read(ByteBuffer.allocate(1));
          peer.write(bytes("early bird"));
        })) {
      UnixConnection connection = connect(server);
      CompletableFuture<Done> demand = new CompletableFuture<>();
      // Writing registers the channel with the selector while there is no demand to read.
      CompletionStage<ByteString> all =
          Source.single(ByteString.fromString("x"))
              .concat(Source.maybe())
              .via(connection.flow())
              .via(Flow.of(ByteString.class).initialDelay(Duration.ofMillis(1)))
              .mapAsync(1, bytes -> demand.thenApply(done -> bytes))
              .runFold(ByteString.emptyByteString(), ByteString::concat, system);
      long cpuBefore = cpuNanos("unix-sockets");
      get(CompletableFuture.supplyAsync(() -> Done.done(), later(300)));
      assertThat(cpuNanos("unix-sockets") - cpuBefore).isLessThan(100_000_000L);
      demand.complete(Done.done());
      assertThat(get(all).utf8String()).isEqualTo("early bird");
    }
  }

  @Test
  void our_end_of_output_reaches_the_peer_and_its_answer_still_comes() throws Exception {
    try (UnixServer server =
        server(peer -> {
          int count = readAll(peer);
          peer.write(bytes("got " + count));
        })) {
      ByteString answer =
          get(
              Source.single(ByteString.fromArray(new byte[12_345]))
                  .via(connect(server).flow())
                  .runFold(ByteString.emptyByteString(), ByteString::concat, system));
      assertThat(answer.utf8String()).isEqualTo("got 12345");
    }
  }

  @Test
  void a_slow_reader_slows_its_peer() throws Exception {
    AtomicLong written = new AtomicLong();
    try (UnixServer server =
        server(peer -> {
          ByteBuffer block = ByteBuffer.allocate(10_000);
          for (int number = 0; number < 2_000; number++) {
            written.addAndGet(peer.write(block.clear()));
          }
        })) {
      SinkQueueWithCancel<ByteString> slow = queues(connect(server)).second();
      int read = get(slow.pull()).orElseThrow().size();
      await().until(() -> settled(written));
      assertThat(written.get()).isBetween(1L, 2_000_000L);
      while (read < 20_000_000) {
        read += get(slow.pull()).orElseThrow().size();
      }
      assertThat(written).hasValue(20_000_000L);
      slow.cancel();
    }
  }

  @Test
  void a_peer_that_does_not_read_slows_the_writer() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    AtomicLong offered = new AtomicLong();
    try (UnixServer server = server(peer -> awaitQuietly(over))) {
      UnixConnection connection = connect(server);
      CompletionStage<Done> end =
          Source.repeat(ByteString.fromArray(new byte[10_000]))
              .map(bytes -> {
                offered.addAndGet(bytes.size());
                return bytes;
              })
              .via(connection.flow())
              .runWith(Sink.ignore(), system);
      await().until(() -> offered.get() > 0 && settled(offered));
      assertThat(offered.get()).isLessThan(2_000_000L);
      over.countDown();
      // The peer goes without having read: an error or an end, but never silence.
      get(end.handle((done, failure) -> Done.done()));
    }
  }

  @Test
  void a_connection_is_one_stream_only() throws Exception {
    try (UnixServer server = echoServer()) {
      UnixConnection connection = connect(server);
      var first = queues(connection);
      assertThatThrownBy(() ->
              get(Source.<ByteString>maybe().via(connection.flow()).runWith(Sink.ignore(), system)))
          .hasRootCauseInstanceOf(IllegalStateException.class);
      get(first.first().offer(ByteString.fromString("still here")));
      assertThat(get(first.second().pull()).orElseThrow().utf8String()).isEqualTo("still here");
    }
  }

  @Test
  void lines_go_both_ways_and_a_line_over_the_limit_fails() throws Exception {
    try (UnixServer server = echoServer()) {
      List<String> lines =
          get(
              Source.from(Arrays.asList("{\"execute\":\"qmp_capabilities\"}", "", "ö\r"))
                  .via(connect(server).lines(64))
                  .runWith(Sink.seq(), system));
      assertThat(lines).containsExactly("{\"execute\":\"qmp_capabilities\"}", "", "ö");
      assertThatThrownBy(() ->
              get(
                  Source.single("x".repeat(65))
                      .via(connect(server).lines(64))
                      .runWith(Sink.seq(), system)))
          .isInstanceOf(ExecutionException.class);
    }
  }
}
