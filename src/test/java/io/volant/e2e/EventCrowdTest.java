package io.volant.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.volant.e2e.EventLines.Event;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Who listens to the events of a real daemon, on a simulated host. It has the tag of tests with
 * real VMs because it wants the finished tree, as they do.
 */
@Tag("vm")
class EventCrowdTest {

  /** Every event, and no log lines: those are not in the journal, and have no id. */
  private static final String STREAM = "/api/v1/events/vms?types=steps";

  private static final int CROWD = 1_000;
  private static final int PLUGINS = 50;

  /** Some 5 MB: more than the kernel takes in for a client that does not read. */
  private static final int UNREAD_EVENTS = 12_000;

  private static final Duration PATIENCE = Duration.ofSeconds(90);

  /** Printed by every failure; {@code -Dtest.seed=…} repeats it as far as threads allow. */
  private static final long SEED = Long.getLong("test.seed", System.nanoTime());

  @TempDir private Path home;

  @Test
  void a_thousand_clients_see_every_event_once_and_in_order_over_two_deaths_of_the_daemon()
      throws Exception {
    try (RealDaemon daemon = RealDaemon.simulated(home, 7, "")) {
      daemon.start();
      install(daemon, "sim");
      EventCrowd crowd = new EventCrowd(daemon.uri(STREAM), CROWD, 100, new Random(SEED));
      try (crowd) {
        // The simulated host dies with its daemon: one VM runs at that moment for certain.
        daemon.json(
            "POST",
            "/api/v1/vms?wait=healthy&timeout=30",
            "{\"name\": \"resident\", \"plugin\": \"sim\"}",
            201);
        try (VmTraffic _ = new VmTraffic(daemon, "sim", 6)) {
          for (int death = 0; death < 2; death++) {
            awaitEvents(crowd, crowd.newest() + 500);
            daemon.kill();
            daemon.start();
          }
          awaitEvents(crowd, crowd.newest() + 500);
        }
        crowd.calmDown();
        long end = truth(daemon).getLast().id();
        await("all have seen event " + end + " (seed " + SEED + ")")
            .atMost(PATIENCE)
            .until(() -> crowd.slowest() >= end);
      }
      List<Event> truth = truth(daemon);
      assertThat(crowd.problems()).as("seed %s", SEED).isEmpty();
      assertThat(crowd.returns()).as("seed %s", SEED).isGreaterThan(2L * CROWD);
      assertThat(truth)
          .extracting(Event::type)
          .contains("VM_CREATED", "VM_RUNNING", "VM_STOPPED", "VM_CRASHED", "VM_DELETED");
      assertThat(truth.stream().mapToLong(Event::id).toArray()).isSorted().doesNotHaveDuplicates();
      for (List<Event> heard : crowd.heard()) {
        if (!heard.equals(truth)) { // compared by hand first: each has thousands
          assertThat(heard).as("seed %s", SEED).isEqualTo(truth);
        }
      }
    }
  }

  @Test
  void a_client_that_reads_nothing_is_cut_and_the_others_do_not_notice() throws Exception {
    String settings =
        "-Dvolant.api.slow-client=2s -Dvolant.api.rate.per-second=0"
            + " -Dpekko.persistence.journal.leveldb.fsync=off";
    try (RealDaemon daemon = RealDaemon.simulated(home, 8, settings)) {
      daemon.start();
      for (int plugin = 0; plugin < PLUGINS; plugin++) {
        install(daemon, "sim-" + plugin);
      }
      EventCrowd others =
          new EventCrowd(daemon.uri("/api/v1/events?after=0"), 50, 0, new Random(SEED));
      try (others) {
        boolean on = true;
        while (others.slowest() < UNREAD_EVENTS) {
          on = !on;
          switchAll(daemon, on);
        }
        try (Socket silent = new Socket()) {
          silent.setReceiveBufferSize(4_096);
          silent.connect(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), daemon.uri("/").getPort()));
          silent
              .getOutputStream()
              .write(
                  "GET /api/v1/events?after=0 HTTP/1.1\r\nHost: silent\r\n\r\n"
                      .getBytes(StandardCharsets.US_ASCII));
          await().atMost(PATIENCE).until(() -> holds(daemon, silent));
          long _ = others.takeLongestDelayMs();
          await("the silent client is cut")
              .atMost(PATIENCE)
              .until(() -> {
                switchAll(daemon, false);
                switchAll(daemon, true);
                return !holds(daemon, silent);
              });
        }
        await().atMost(PATIENCE).until(() -> others.slowest() >= others.newest());
        assertThat(others.takeLongestDelayMs()).isBetween(1L, 1_500L);
      }
      assertThat(others.problems()).isEmpty();
      assertThat(others.returns()).as("nobody else was cut").isZero();
    }
  }

  private void install(RealDaemon daemon, String plugin) throws IOException, InterruptedException {
    Path image = Files.writeString(home.resolve("sim.cpio.gz"), "nobody looks into it");
    String manifest =
        """
        {"schema_version": "1.0", "name": "%s", "version": "1", "runtime": "sim",
         "resources": {"cpu_cores": 1, "memory_mb": 64},
         "workload": {"type": "http", "base_url": "http://127.0.0.1:8080", "entrypoint": ["/x"]},
         "initramfs": {"url": "%s"}, "health_check": {"endpoint": "/"}}
        """
            .formatted(plugin, image);
    daemon.json("POST", "/api/v1/plugins", manifest, 201);
  }

  /** Switches each plugin off or on: one event each. */
  private static void switchAll(RealDaemon daemon, boolean on) {
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int plugin = 0; plugin < PLUGINS; plugin++) {
      HttpRequest request =
          HttpRequest.newBuilder(daemon.uri("/api/v1/plugins/sim-" + plugin + "/enabled"))
              .header("Content-Type", "application/json")
              .header("X-Request-Id", "x".repeat(64))
              .POST(BodyPublishers.ofString("{\"enabled\": " + on + "}"))
              .build();
      answers.add(daemon.client().sendAsync(request, BodyHandlers.ofString()));
    }
    answers.forEach(answer -> assertThat(answer.join().statusCode()).isEqualTo(200));
  }

  /** Whether the daemon's end of this connection is open: state 1 in the kernel's table. */
  private static boolean holds(RealDaemon daemon, Socket client) throws IOException {
    String ends =
        ":%04X [0-9A-F]+:%04X 01 ".formatted(daemon.uri("/").getPort(), client.getLocalPort());
    return (Files.readString(Path.of("/proc/net/tcp"))
            + Files.readString(Path.of("/proc/net/tcp6")))
        .lines()
        .anyMatch(line -> line.matches(".*" + ends + ".*"));
  }

  private static void awaitEvents(EventCrowd crowd, long position) {
    await("event " + position + " is seen (seed " + SEED + ")")
        .atMost(PATIENCE)
        .until(() -> crowd.newest() >= position);
  }

  private static List<Event> truth(RealDaemon daemon) throws IOException, InterruptedException {
    List<Event> events = new ArrayList<>();
    byte[] body =
        daemon
            .call("GET", STREAM + "&after=0&follow=false", "")
            .body()
            .getBytes(StandardCharsets.UTF_8);
    new EventLines(events::add).take(body, body.length);
    return events;
  }
}
