package io.volant.adapter.guestlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.volant.adapter.unixsocket.UnixServer;
import io.volant.model.VmId;
import io.volant.vm.GuestSignal;
import io.volant.vm.LinkAddress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

/**
 * Guests that break the rules, on purpose or not: the daemon and other VMs' links do not notice.
 */
class HostileGuestTest extends GuestLinksFixture {

  private static final String STATS =
      "{\"type\":\"stats\",\"uptime_ms\":5,\"mem_total_kib\":9,\"mem_available_kib\":8}\n";

  /** What one guest does with each connection. */
  @FunctionalInterface
  private interface Deed {
    void on(RawGuest guest) throws IOException;
  }

  private final AtomicInteger connections = new AtomicInteger();

  @Override
  GuestLinkSettings settings() {
    return new GuestLinkSettings(
        new Backoff(50, 1_000),
        new Backoff(500, 2_000),
        new Backoff(500, 4_000),
        Duration.ofSeconds(2),
        Duration.ofSeconds(3),
        50,
        32);
  }

  @Test
  void unknown_types_are_ignored_and_ready_tells_how_long_ago() throws Exception {
    try (UnixServer _ =
        guest(guest -> {
          guest.answerEvents();
          guest.events("{\"type\":\"weather\",\"x\":[1,{\"y\":null}]}\n");
          guest.events("{\"type\":\"ready\",\"uptime_ms\":812,\"now_ms\":1000,");
          guest.events("\"version\":\"9\",\"boot\":[{\"step\":\"mount\",\"uptime_ms\":801}]}\n");
          guest.readToEnd();
        })) {
      links.open(VM, address(), signals);
      assertThat(signals.awaitNumber(1, GuestSignal.Ready.class))
          .isEqualTo(
              new GuestSignal.Ready(
                  812, 188, "9", List.of(new GuestSignal.BootStep("mount", 801))));
      assertThat(signals.all()).hasSize(2);
    }
  }

  @Test
  void garbage_instead_of_frames_never_brings_the_link_up() throws Exception {
    doesNoHarm(guest -> guest.garbage(100_000), 0);
    assertThat(signals.all()).isEmpty();
  }

  @Test
  void a_storm_of_goaways_is_met_with_pauses() throws Exception {
    doesNoHarm(
        guest -> {
          guest.greet();
          for (int number = 0; number < 1_000; number++) {
            guest.goAway();
          }
          guest.readToEnd();
        },
        0);
    assertThat(signals.all()).isEmpty();
  }

  @Test
  void headers_that_never_come_are_not_waited_for() throws Exception {
    doesNoHarm(
        guest -> {
          guest.greet();
          guest.readToEnd();
        },
        0);
    assertThat(signals.all()).isEmpty();
  }

  @Test
  void an_endless_line_takes_the_link_down() throws Exception {
    doesNoHarm(
        guest -> {
          guest.answerEvents();
          guest.events("x".repeat(60_000));
          guest.readToEnd();
        },
        1);
    assertThat(signals.awaitNumber(1, GuestSignal.LinkDown.class).reason())
        .contains("a line longer than 16384 bytes");
  }

  @Test
  void a_line_that_is_not_json_takes_the_link_down() throws Exception {
    doesNoHarm(
        guest -> {
          guest.answerEvents();
          guest.events(STATS + "{\"type\":\u001b[31m\n");
          guest.readToEnd();
        },
        1);
    assertThat(signals.awaitNumber(1, GuestSignal.LinkDown.class).reason())
        .contains("not JSON")
        .doesNotContain("\u001b");
    assertThat(signals.of(GuestSignal.Stats.class)).contains(new GuestSignal.Stats(5, 9, 8));
  }

  @Test
  void ten_thousand_lines_a_second_are_fifty_signals_at_most() throws Exception {
    doesNoHarm(
        guest -> {
          guest.answerEvents();
          for (int number = 0; number < 1_000; number++) {
            guest.events(STATS.repeat(10));
          }
          guest.readToEnd();
        },
        2);
    assertThat(signals.awaitNumber(1, GuestSignal.LinkDown.class).reason()).contains("too many");
    signals.awaitNumber(2, GuestSignal.LinkDown.class);
    List<Long> times = signals.all().stream().map(SignalLog.Heard::atNs).toList();
    for (int first = 0; first + 50 < times.size(); first++) {
      // The listener runs a moment after the count, so a little less than a second.
      assertThat(times.get(first + 50) - times.get(first)).isGreaterThan(500_000_000L);
    }
  }

  @Test
  void a_silent_guest_is_connected_anew() throws Exception {
    try (UnixServer _ = guest(guest -> guest.answerEvents().readToEnd())) {
      links.open(VM, address(), signals);
      assertThat(signals.awaitNumber(1, GuestSignal.LinkDown.class).reason()).contains("silent");
      signals.awaitNumber(2, GuestSignal.LinkUp.class);
    }
  }

  @Test
  void a_tunnel_that_the_guest_does_not_read_holds_little() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    AtomicLong offered = new AtomicLong();
    try (UnixServer _ =
        guest(guest -> {
          guest.answerEvents();
          while (asked.getCount() > 0) {
            guest.events(STATS);
            await().pollDelay(Duration.ofMillis(200)).until(() -> true);
          }
          guest.answerOk(RawGuest.NEXT_STREAM);
          while (true) {
            guest.events(STATS);
            await().pollDelay(Duration.ofMillis(200)).until(() -> true);
          }
        })) {
      links.open(VM, address(), signals);
      signals.awaitNumber(1, GuestSignal.LinkUp.class);
      var tunnel = links.tunnel(VM, 80);
      await().pollDelay(Duration.ofMillis(300)).until(() -> true);
      asked.countDown();
      CompletionStage<?> end =
          Source.repeat(ByteString.fromArray(new byte[10_000]))
              .map(bytes -> {
                offered.addAndGet(bytes.size());
                return bytes;
              })
              .via(get(tunnel))
              .runWith(Sink.ignore(), system);
      await().until(() -> offered.get() > 0);
      await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
      assertThat(offered.get()).isLessThan(2_000_000);
      links.close(VM);
      assertThatThrownBy(() -> get(end)).isNotNull();
    }
  }

  @Test
  void a_tunnel_that_is_never_answered_fails_and_the_link_stays() throws Exception {
    try (UnixServer _ =
        guest(guest -> {
          guest.answerEvents();
          while (true) {
            guest.events(STATS);
            await().pollDelay(Duration.ofMillis(200)).until(() -> true);
          }
        })) {
      links.open(VM, address(), signals);
      signals.awaitNumber(1, GuestSignal.LinkUp.class);
      for (int number = 0; number < 2; number++) {
        assertThatThrownBy(() -> get(links.tunnel(VM, 80))).hasMessageContaining("in time");
      }
      assertThat(signals.of(GuestSignal.LinkDown.class)).isEmpty();
    }
  }

  @Test
  void a_vsock_socket_is_greeted_first() throws Exception {
    try (UnixServer _ =
        new UnixServer(
            socket(),
            peer -> {
              ByteBuffer line = ByteBuffer.allocate(100);
              peer.read(line);
              if (new String(line.array(), 0, line.position(), StandardCharsets.UTF_8)
                  .equals("CONNECT 1024\n")) {
                peer.write(ByteBuffer.wrap("OK 1073741824\n".getBytes(StandardCharsets.UTF_8)));
                RawGuest guest = new RawGuest(peer).answerEvents();
                guest.events(STATS).readToEnd();
              }
            })) {
      links.open(VM, new LinkAddress(LinkAddress.Kind.VSOCK, socket().toString()), signals);
      signals.awaitNumber(1, GuestSignal.Stats.class);
    }
  }

  @Test
  void a_vsock_socket_that_does_not_say_ok_is_no_link() throws Exception {
    doesNoHarm(guest -> guest.garbage(5_000), LinkAddress.Kind.VSOCK, 0);
    assertThat(signals.all()).isEmpty();
  }

  /**
   * Runs the deed for three seconds and until it was seen, beside a good guest that must not
   * notice.
   */
  private void doesNoHarm(Deed deed, int linkDowns) throws Exception {
    doesNoHarm(deed, LinkAddress.Kind.VIRTIO_SERIAL, linkDowns);
  }

  private void doesNoHarm(Deed deed, LinkAddress.Kind kind, int linkDowns) throws Exception {
    VmId good = new VmId(8);
    SignalLog goodSignals = new SignalLog();
    try (UnixServer _ = guest(deed);
        UnixServer goodServer =
            new UnixServer(
                folder.resolve("good"),
                peer -> {
                  RawGuest guest = new RawGuest(peer).answerEvents();
                  while (true) {
                    guest.events(STATS);
                    await().pollDelay(Duration.ofMillis(200)).until(() -> true);
                  }
                })) {
      links.open(
          good, new LinkAddress(LinkAddress.Kind.VIRTIO_SERIAL, goodServer.path()), goodSignals);
      goodSignals.awaitNumber(1, GuestSignal.LinkUp.class);
      int threadsBefore = Thread.activeCount();
      links.open(VM, new LinkAddress(kind, socket().toString()), signals);
      await().pollDelay(Duration.ofSeconds(3)).until(() -> true);
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() ->
              connections.get() >= 2 && signals.of(GuestSignal.LinkDown.class).size() >= linkDowns);
      assertThat(goodSignals.of(GuestSignal.LinkDown.class)).isEmpty();
      assertThat(goodSignals.of(GuestSignal.Stats.class)).hasSizeGreaterThan(5);
      assertThat(connections.get()).isBetween(1, 20);
      assertThat(sockets.openConnections()).isLessThanOrEqualTo(2);
      assertThat(Thread.activeCount()).isLessThan(threadsBefore + 20);
    }
  }

  private UnixServer guest(Deed deed) throws IOException {
    return new UnixServer(
        socket(),
        peer -> {
          connections.incrementAndGet();
          deed.on(new RawGuest(peer));
        });
  }
}
