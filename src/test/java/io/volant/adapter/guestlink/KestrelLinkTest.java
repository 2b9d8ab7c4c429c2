package io.volant.adapter.guestlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.volant.vm.Guest;
import io.volant.vm.GuestException;
import io.volant.vm.GuestLogLine;
import io.volant.vm.GuestSignal;
import io.volant.vm.LinkAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.CRC32C;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.DeadLetter;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The links against the real agent. */
class KestrelLinkTest extends GuestLinksFixture {

  private static final List<String> TALKER =
      List.of("/bin/sh", "-c", "echo hello; echo trouble >&2; exec sleep 1000");

  private @Nullable KestrelProcess kestrel;

  @AfterEach
  void stopKestrel() {
    if (kestrel != null) {
      kestrel.close();
    }
  }

  @Test
  void the_link_comes_up_and_tells_where_things_stand() throws Exception {
    start(TALKER);
    links.open(VM, address(), signals);
    GuestSignal.Ready ready = signals.awaitNumber(1, GuestSignal.Ready.class);
    GuestSignal.WorkloadStarted started = signals.awaitNumber(1, GuestSignal.WorkloadStarted.class);
    assertThat(signals.all().getFirst().signal()).isEqualTo(new GuestSignal.LinkUp());
    assertThat(ready.steps()).isNotEmpty();
    assertThat(ready.sinceMs()).isBetween(0L, 60_000L);
    assertThat(ready.version()).isNotEmpty();
    assertThat(started.attempt()).isEqualTo(1);
    assertThat(started.pid()).isPositive();
  }

  @Test
  void an_agent_that_starts_late_is_found_at_once() throws Exception {
    links.open(VM, address(), signals);
    start(TALKER);
    await().until(() -> java.nio.file.Files.exists(socket()));
    long listeningNs = System.nanoTime();
    signals.awaitNumber(1, GuestSignal.LinkUp.class);
    assertThat(signals.all().getFirst().atNs() - listeningNs).isLessThan(1_500_000_000L);
  }

  @Test
  void a_killed_agent_takes_the_link_down_and_the_next_one_brings_it_up() throws Exception {
    start(TALKER);
    links.open(VM, address(), signals);
    signals.awaitNumber(1, GuestSignal.WorkloadStarted.class);
    stopKestrel();
    signals.awaitNumber(1, GuestSignal.LinkDown.class);
    assertThatThrownBy(() -> get(links.tunnel(VM, 80)))
        .hasRootCauseInstanceOf(GuestException.class)
        .hasMessageContaining("not connected");
    start(TALKER);
    signals.awaitNumber(2, GuestSignal.LinkUp.class);
    signals.awaitNumber(2, GuestSignal.WorkloadStarted.class);
  }

  @Test
  void a_workload_that_dies_is_told_with_its_code() throws Exception {
    start(List.of("/bin/sh", "-c", "exit 3"));
    links.open(VM, address(), signals);
    GuestSignal.WorkloadExited exited = signals.awaitNumber(1, GuestSignal.WorkloadExited.class);
    assertThat(exited.code()).isEqualTo(3);
    assertThat(exited.signal()).isNull();
    assertThat(exited.restartInMs()).isPositive();
  }

  @Test
  void the_logs_are_what_the_workload_wrote() throws Exception {
    start(TALKER);
    links.open(VM, address(), signals);
    signals.awaitNumber(1, GuestSignal.WorkloadStarted.class);
    List<GuestLogLine> lines = new ArrayList<>();
    await()
        .until(() -> {
          lines.clear();
          lines.addAll(get(get(links.logs(VM, 0, false)).runWith(Sink.seq(), system)));
          return lines.stream().anyMatch(line -> line.line().equals("trouble"));
        });
    assertThat(lines).anySatisfy(line -> assertThat(line.line()).isEqualTo("hello"));
    assertThat(lines)
        .filteredOn(line -> line.line().equals("trouble"))
        .extracting(GuestLogLine::stream)
        .containsExactly("stderr");
    List<GuestLogLine> followed =
        get(
            get(links.logs(VM, lines.getLast().sequence(), true))
                .take(1)
                .runWith(Sink.seq(), system));
    assertThat(followed).containsExactly(lines.getLast());
  }

  @Test
  void lines_to_come_begin_after_those_that_are_there() throws Exception {
    start(List.of("/bin/sh", "-c", "while sleep 0.1; do echo tick; done"));
    links.open(VM, address(), signals);
    signals.awaitNumber(1, GuestSignal.WorkloadStarted.class);
    List<GuestLogLine> there = new ArrayList<>();
    await()
        .until(() -> {
          there.clear();
          there.addAll(get(get(links.logs(VM, 0, false)).runWith(Sink.seq(), system)));
          return there.size() > 2;
        });
    GuestLogLine next =
        get(get(links.logs(VM, Guest.LINES_TO_COME, true)).runWith(Sink.head(), system));
    assertThat(next.sequence()).isGreaterThan(there.getLast().sequence());
    assertThat(next.line()).isEqualTo("tick");
  }

  @Test
  void a_link_that_is_closed_leaves_no_dead_letters() throws Exception {
    List<Object> dead = new CopyOnWriteArrayList<>();
    ActorRef<DeadLetter> ear =
        system.systemActorOf(
            Behaviors.receiveMessage(letter -> {
              dead.add(letter.message());
              return Behaviors.same();
            }),
            "dead-letters",
            Props.empty());
    system
        .eventStream()
        .tell(
            new org.apache.pekko.actor.typed.eventstream.EventStream.Subscribe<>(
                DeadLetter.class, ear));
    start(TALKER);
    for (int round = 0; round < 20; round++) {
      SignalLog heard = new SignalLog();
      links.open(VM, address(), heard);
      if (round % 2 == 0) { // the others are closed while they connect
        heard.awaitNumber(1, GuestSignal.WorkloadStarted.class);
      }
      links.close(VM);
    }
    await().untilAsserted(() -> assertThat(sockets.openConnections()).isZero());
    await().during(Duration.ofMillis(500)).untilAsserted(() -> assertThat(dead).isEmpty());
  }

  @Test
  void requests_in_turn_never_find_the_places_taken() throws Exception {
    start(TALKER);
    links.open(VM, address(), signals);
    signals.awaitNumber(1, GuestSignal.LinkUp.class);
    for (int number = 0; number < 1_000; number++) {
      get(get(links.logs(VM, 0, false)).runWith(Sink.ignore(), system));
    }
  }

  @Test
  void a_shutdown_is_taken_and_the_link_ends() throws Exception {
    start(TALKER);
    links.open(VM, address(), signals);
    signals.awaitNumber(1, GuestSignal.WorkloadStarted.class);
    get(links.shutdown(VM));
    signals.awaitNumber(1, GuestSignal.LinkDown.class);
  }

  @Test
  void thirty_megabytes_through_a_tunnel_come_back_unchanged() throws Exception {
    start(TALKER);
    links.open(VM, address(), signals);
    signals.awaitNumber(1, GuestSignal.LinkUp.class);
    try (ServerSocket echo = echoServer()) {
      CRC32C sent = new CRC32C();
      CRC32C received = new CRC32C();
      SplittableRandom random = new SplittableRandom(99);
      get(
          Source.range(1, 300)
              .map(number -> {
                byte[] chunk = new byte[100_000];
                random.nextBytes(chunk);
                sent.update(chunk);
                return ByteString.fromArrayUnsafe(chunk);
              })
              .via(get(links.tunnel(VM, echo.getLocalPort())))
              .runForeach(bytes -> received.update(bytes.asByteBuffer()), system));
      assertThat(received.getValue()).isEqualTo(sent.getValue());
    }
  }

  @Test
  void a_tunnel_whose_agent_dies_fails_and_does_not_look_complete() throws Exception {
    start(TALKER);
    links.open(VM, address(), signals);
    signals.awaitNumber(1, GuestSignal.LinkUp.class);
    try (ServerSocket echo = echoServer()) {
      var heard = new java.util.concurrent.CompletableFuture<ByteString>();
      var end =
          Source.single(ByteString.fromString("x"))
              .concat(Source.maybe())
              .via(get(links.tunnel(VM, echo.getLocalPort())))
              .runForeach(heard::complete, system);
      get(heard);
      stopKestrel();
      assertThatThrownBy(() -> get(end))
          .isInstanceOf(java.util.concurrent.ExecutionException.class);
    }
  }

  @Test
  void a_tunnel_to_a_closed_port_says_so_and_frees_its_place() throws Exception {
    start(TALKER);
    links.open(VM, address(), signals);
    signals.awaitNumber(1, GuestSignal.LinkUp.class);
    int closedPort;
    try (ServerSocket free = new ServerSocket(0)) {
      closedPort = free.getLocalPort();
    }
    for (int number = 0; number < 100; number++) {
      assertThatThrownBy(() -> get(links.tunnel(VM, closedPort)))
          .hasRootCauseInstanceOf(GuestException.class)
          .hasMessageContaining("connection refused");
    }
  }

  @Test
  void a_33rd_stream_is_refused_and_a_freed_one_can_be_used() throws Exception {
    start(TALKER);
    links.open(VM, address(), signals);
    signals.awaitNumber(1, GuestSignal.LinkUp.class);
    try (ServerSocket echo = echoServer()) {
      List<Flow<ByteString, ByteString, NotUsed>> tunnels = new ArrayList<>();
      for (int number = 0; number < 31; number++) {
        try {
          tunnels.add(get(links.tunnel(VM, echo.getLocalPort())));
        } catch (java.util.concurrent.ExecutionException allInUse) {
          assertThat(allInUse).hasMessageContaining("all tunnels are in use");
          break;
        }
      }
      assertThat(tunnels.size()).isGreaterThanOrEqualTo(16);
      assertThatThrownBy(() -> get(links.tunnel(VM, echo.getLocalPort())))
          .hasRootCauseInstanceOf(GuestException.class);
      get(
          Source.single(ByteString.fromString("x"))
              .via(tunnels.getFirst())
              .runWith(Sink.head(), system));
      await()
          .untilAsserted(() ->
              assertThat(links.tunnel(VM, echo.getLocalPort()))
                  .succeedsWithin(java.time.Duration.ofSeconds(2)));
    }
  }

  @Test
  void a_port_out_of_range_and_a_vm_without_a_link_are_refused_at_once() {
    assertThatThrownBy(() -> get(links.tunnel(VM, 0))).hasMessageContaining("1 to 65535");
    assertThatThrownBy(() -> get(links.tunnel(VM, 80))).hasMessageContaining("not connected");
    assertThatThrownBy(() -> get(links.shutdown(VM))).hasMessageContaining("not connected");
    links.open(VM, new LinkAddress(LinkAddress.Kind.NONE, ""), signals);
    assertThatThrownBy(() -> get(links.logs(VM, 0, true))).hasMessageContaining("not connected");
    links.close(VM);
  }

  private void start(List<String> workload) throws IOException {
    kestrel = KestrelProcess.start(folder, socket(), workload);
  }

  private static ServerSocket echoServer() throws IOException {
    ServerSocket server = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    Thread.ofVirtual()
        .start(() -> {
          try {
            while (true) {
              Socket connection = server.accept();
              Thread.ofVirtual().start(() -> echo(connection));
            }
          } catch (IOException closed) {
            // The test is over.
          }
        });
    return server;
  }

  private static void echo(Socket connection) {
    try (connection) {
      connection.getInputStream().transferTo(connection.getOutputStream());
    } catch (IOException gone) {
      // The test looks at its own side.
    }
  }
}
