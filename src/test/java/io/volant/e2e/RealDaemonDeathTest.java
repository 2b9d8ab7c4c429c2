package io.volant.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The daemon is killed at moments that nobody chose, in the middle of create, stop, start and
 * delete of a real VM: a sample of what {@code CrashEverywhereTest} does at every event. However it
 * was hit, the next daemon brings the VM to rest, and in the end nothing is left on the host.
 */
@Tag("vm")
class RealDaemonDeathTest {

  private static final String VMS = "/api/v1/vms";
  private static final Duration SETTLED = Duration.ofSeconds(90);

  /** Printed by every failure; {@code -Dtest.seed=…} repeats its moments. */
  private static final long SEED = Long.getLong("test.seed", System.nanoTime());

  @TempDir private static Path home;

  @Test
  void whenever_the_daemon_is_killed_the_vm_settles_and_nothing_leaks() throws Exception {
    Random random = new Random(SEED);
    try (RealDaemon daemon = new RealDaemon(home, 2, "")) {
      daemon.start();
      String image = home.resolve("e2e.cpio.gz").toString();
      daemon.run("fledge", "build", "-c", "src/test/resources/e2e/fledge.toml", "-o", image);
      daemon.run("volar", "plugins", "install", home.resolve("e2e.manifest.json").toString());
      for (int round = 0; round < 3; round++) {
        String vm = "v" + round;
        String create = "{\"name\": \"" + vm + "\", \"plugin\": \"e2e\"}";
        killDuring(daemon, random, "POST", VMS, create);
        if (settle(daemon, vm).equals("gone")) {
          daemon.json("POST", VMS + "?wait=healthy&timeout=90", create, 201);
        }
        killDuring(daemon, random, "POST", VMS + "/" + vm + "/stop", "");
        assertThat(settle(daemon, vm)).as("seed %s", SEED).isIn("stopped", "running", "crashed");
        killDuring(daemon, random, "POST", VMS + "/" + vm + "/start", "");
        assertThat(settle(daemon, vm)).as("seed %s", SEED).isIn("stopped", "running", "crashed");
        killDuring(daemon, random, "DELETE", VMS + "/" + vm, "");
        if (!settle(daemon, vm).equals("gone")) {
          daemon.json("DELETE", VMS + "/" + vm, "", 204);
        }
        assertThat(daemon.leaks().none()).as("seed %s: %s", SEED, daemon.leaks()).isTrue();
      }
    }
  }

  /** Kills the daemon between 0 and 1,500 ms after something was asked of it. */
  private static void killDuring(
      RealDaemon daemon, Random random, String method, String path, String body)
      throws IOException, InterruptedException {
    daemon.dieDuring(method, path, body, random.nextInt(1500));
  }

  /** Where the VM comes to rest: running (and healthy), stopped, crashed, or gone. */
  private static String settle(RealDaemon daemon, String name) {
    return Awaitility.await("VM " + name + " settles (seed " + SEED + ")")
        .atMost(SETTLED)
        .pollInterval(Duration.ofMillis(100))
        .until(() -> state(daemon, name), state -> !state.isEmpty());
  }

  private static String state(RealDaemon daemon, String name)
      throws IOException, InterruptedException {
    var response = daemon.call("GET", VMS + "/" + name, "");
    if (response.statusCode() == 404) {
      return "gone";
    }
    JsonNode vm = RealDaemon.JSON.readTree(response.body());
    String status = vm.get("status").asText();
    return switch (status) {
      case "running" -> vm.get("health").asText().equals("healthy") ? status : "";
      case "stopped", "crashed" -> status;
      default -> "";
    };
  }
}
