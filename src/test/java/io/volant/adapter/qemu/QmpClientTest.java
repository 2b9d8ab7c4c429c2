package io.volant.adapter.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.volant.adapter.unixsocket.UnixSockets;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.Materializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client against a QEMU that follows a script. */
class QmpClientTest {

  private static final Duration SHORT = Duration.ofMillis(200);
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final String GREETING =
      "{\"QMP\":{\"version\":{},\"capabilities\":[\"oob\"]}}\r\n";

  private static ActorTestKit actors;

  @TempDir private Path folder;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch testOver = new CountDownLatch(1);
  private Path socket;
  private UnixSockets sockets;
  private ServerSocketChannel server;

  @BeforeAll
  static void startActors() {
    actors = ActorTestKit.create();
  }

  @AfterAll
  static void stopActors() {
    actors.shutdownTestKit();
  }

  @BeforeEach
  void listen() throws IOException {
    socket = folder.resolve("qmp.sock");
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    sockets = new UnixSockets();
  }

  @AfterEach
  void stop() throws IOException {
    testOver.countDown();
    server.close();
    sockets.close();
    threads.shutdownNow();
  }

  @Test
  void it_greets_agrees_and_matches_answers_by_id_with_events_in_between() throws Exception {
    qemu(peer -> {
      peer.say(GREETING);
      peer.expect("{\"execute\":\"qmp_capabilities\",\"id\":1}");
      peer.say("{\"event\":\"RESUME\"}\r\n{\"return\":{},\"id\":1}\r\n");
      peer.expect("{\"execute\":\"query-status\",\"id\":2}");
      peer.expect("{\"execute\":\"query-name\",\"id\":3}");
      peer.say("{\"return\":{\"name\":\"x\"},\"id\":3}\r\n{\"return\":1,\"id\":99}\r\n");
      peer.say("{\"return\":{\"status\":\"running\"},\"id\":2}\r\n");
    });

    QmpClient client = get(connect(LONG));
    CompletionStage<String> status =
        client.execute("query-status", LONG).thenApply(answer -> answer.path("status").asText());
    CompletionStage<String> name =
        client.execute("query-name", LONG).thenApply(answer -> answer.path("name").asText());

    assertThat(get(status)).isEqualTo("running");
    assertThat(get(name)).isEqualTo("x");
  }

  @Test
  void a_refusal_is_a_failure_with_qemus_words() throws Exception {
    qemu(peer -> {
      agree(peer);
      peer.expect("{\"execute\":\"nonsense\",\"id\":2}");
      peer.say("{\"id\":2,\"error\":{\"class\":\"CommandNotFound\",\"desc\":\"not known\"}}\r\n");
    });

    assertThat(get(connect(LONG)).execute("nonsense", LONG))
        .failsWithin(LONG)
        .withThrowableThat()
        .withMessageContaining("QEMU refused: not known");
  }

  @Test
  void a_qemu_that_does_not_greet_is_given_up_and_nothing_stays_open() throws Exception {
    qemu(peer -> peer.expectEnd());

    assertThat(connect(SHORT))
        .failsWithin(LONG)
        .withThrowableThat()
        .withMessageContaining("took longer than 200 ms: to greet at " + socket);
    assertThat(sockets).satisfies(this::hasNoConnectionSoon);
  }

  @Test
  void a_command_without_an_answer_times_out_and_the_next_one_works() throws Exception {
    qemu(peer -> {
      agree(peer);
      peer.expect("{\"execute\":\"slow\",\"id\":2}");
      peer.expect("{\"execute\":\"quick\",\"id\":3}");
      peer.say("{\"return\":{},\"id\":2}\r\n{\"return\":{},\"id\":3}\r\n");
    });
    QmpClient client = get(connect(LONG));

    assertThat(client.execute("slow", SHORT))
        .failsWithin(LONG)
        .withThrowableThat()
        .withMessageContaining("took longer than 200 ms: slow");
    assertThat(get(client.execute("quick", LONG))).isNotNull();
  }

  @Test
  void the_end_of_qemu_fails_what_is_under_way_and_keeps_its_last_event() throws Exception {
    qemu(peer -> {
      agree(peer);
      peer.expect("{\"execute\":\"query-status\",\"id\":2}");
      peer.say("{\"event\":\"SHUTDOWN\",\"data\":{\"guest\":true,\"reason\":\"guest-reset\"}}\n");
      peer.close();
    });
    QmpClient client = get(connect(LONG));

    assertThat(client.execute("query-status", LONG))
        .failsWithin(LONG)
        .withThrowableThat()
        .withMessageContaining("control socket was closed");
    get(client.closed());
    assertThat(client.shutdown()).contains(new QmpClient.Shutdown(true, "guest-reset"));
    assertThat(client.execute("query-status", LONG))
        .failsWithin(LONG)
        .withThrowableThat()
        .withMessageContaining("has closed its control socket");
  }

  @Test
  void what_is_no_json_ends_the_conversation() throws Exception {
    qemu(peer -> {
      agree(peer);
      peer.say("HTTP/1.1 400 Bad Request\r\n");
      peer.expectEnd();
    });

    get(get(connect(LONG)).closed());
  }

  @Test
  void an_endless_line_ends_the_conversation() throws Exception {
    qemu(peer -> {
      agree(peer);
      peer.say("x".repeat(300_000));
      peer.expectEnd();
    });

    get(get(connect(LONG)).closed());
  }

  private void hasNoConnectionSoon(UnixSockets used) {
    await().atMost(LONG).until(() -> used.openConnections() == 0);
  }

  private CompletionStage<QmpClient> connect(Duration timeout) {
    return QmpClient.connect(
        sockets, socket.toString(), timeout, Materializer.createMaterializer(actors.system()));
  }

  private static void agree(Peer peer) throws IOException {
    peer.say(GREETING);
    peer.expect("{\"execute\":\"qmp_capabilities\",\"id\":1}");
    peer.say("{\"return\":{},\"id\":1}\r\n");
  }

  private interface Script {
    void play(Peer peer) throws IOException;
  }

  /** Plays QEMU's part for one connection, which then stays open until the test is over. */
  private void qemu(Script script) {
    threads.execute(() -> {
      try (SocketChannel channel = server.accept()) {
        script.play(new Peer(channel));
        testOver.await();
      } catch (IOException | InterruptedException e) {
        // The test sees it as a closed connection.
        Thread.currentThread().interrupt();
      }
    });
  }

  private static final class Peer {
    private final SocketChannel channel;
    private final BufferedReader lines;

    Peer(SocketChannel channel) {
      this.channel = channel;
      this.lines = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
    }

    void say(String text) throws IOException {
      ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }

    void expect(String line) throws IOException {
      String said = lines.readLine();
      if (!line.equals(said)) {
        channel.close();
        throw new IOException("expected " + line + ", not " + said);
      }
    }

    void expectEnd() throws IOException {
      if (lines.readLine() != null) {
        throw new IOException("expected the end");
      }
    }

    void close() throws IOException {
      channel.close();
    }
  }

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    CompletableFuture<T> future = stage.toCompletableFuture();
    return future.get(LONG.toSeconds(), TimeUnit.SECONDS);
  }
}
