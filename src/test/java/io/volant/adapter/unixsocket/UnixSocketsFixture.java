package io.volant.adapter.unixsocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;
import org.apache.pekko.Done;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.SourceQueueWithComplete;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A system, sockets and servers for the tests of this package, and the census after each. */
abstract class UnixSocketsFixture {

  static ActorSystem system;

  @TempDir Path folder;
  UnixSockets sockets;
  private long socketsBefore;

  @BeforeAll
  static void startSystem(@TempDir Path warm) throws IOException {
    // The JDK keeps one descriptor for ever after the first close of a unix socket of its own.
    new UnixServer(warm.resolve("warm"), peer -> {}).close();
    system = ActorSystem.create("unix-sockets-test");
  }

  @AfterAll
  static void stopSystem() throws Exception {
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @BeforeEach
  void open() throws IOException {
    socketsBefore = FileDescriptors.sockets();
    sockets = new UnixSockets();
  }

  @AfterEach
  void everything_is_freed() {
    sockets.close();
    await().untilAsserted(() -> assertThat(sockets.openConnections()).isZero());
    await()
        .untilAsserted(
            () -> assertThat(FileDescriptors.sockets()).isLessThanOrEqualTo(socketsBefore));
  }

  record Queues(
      SourceQueueWithComplete<ByteString> first, SinkQueueWithCancel<ByteString> second) {}

  static Queues queues(UnixConnection connection) {
    var pair =
        Source.<ByteString>queue(1, OverflowStrategy.backpressure())
            .via(connection.flow())
            .toMat(
                Sink.<ByteString>queue().withAttributes(Attributes.inputBuffer(1, 1)), Keep.both())
            .run(system);
    return new Queues(pair.first(), pair.second());
  }

  UnixConnection connect(UnixServer server) throws Exception {
    return get(sockets.connect(server.path()));
  }

  UnixServer echoServer() throws IOException {
    return server(peer -> {
      ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
      while (peer.read(buffer.clear()) >= 0) {
        buffer.flip();
        while (buffer.hasRemaining()) {
          peer.write(buffer);
        }
      }
    });
  }

  UnixServer server(UnixServer.Handler handler) throws IOException {
    return new UnixServer(folder.resolve("socket"), handler);
  }

  static int readAll(SocketChannel peer) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
    int total = 0;
    for (int count = peer.read(buffer); count >= 0; count = peer.read(buffer.clear())) {
      total += count;
    }
    return total;
  }

  static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  static CRC32C add(CRC32C crc, ByteString bytes) {
    crc.update(bytes.asByteBuffer());
    return crc;
  }

  /** Whether the number did not move for a while. */
  static boolean settled(AtomicLong number) throws Exception {
    long before = number.get();
    get(CompletableFuture.supplyAsync(() -> Done.done(), later(200)));
    return number.get() == before;
  }

  static Executor later(long delayMs) {
    return CompletableFuture.delayedExecutor(delayMs, TimeUnit.MILLISECONDS);
  }

  static void awaitQuietly(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException stop) {
      throw new IOException(stop);
    }
  }

  static long threads(String name) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals(name))
        .count();
  }

  static long cpuNanos(String threadName) {
    var threads = ManagementFactory.getThreadMXBean();
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals(threadName))
        .mapToLong(thread -> Math.max(0, threads.getThreadCpuTime(thread.threadId())))
        .sum();
  }

  static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
  }
}
