package io.volant.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The daemon is killed at moments that nobody chose while a deployment of real VMs moves to another
 * config, grows, shrinks, and waits before it replaces a VM that crashed: a sample of what {@code
 * DeploymentCrashTest} does at every event. However it was hit, the next daemon goes on, and there
 * was never a VM too many, two of one name, or one more away than may be.
 */
@Tag("vm")
class RolloutDeathTest {

  private static final String VMS = "/api/v1/vms";
  private static final String DEPLOYMENTS = "/api/v1/deployments";
  private static final String SITE = DEPLOYMENTS + "/site";
  private static final Duration SETTLED = Duration.ofMinutes(2);
  private static final int REPLICAS_MAX = 3;

  /** Printed by every failure; {@code -Dtest.seed=…} repeats its moments. */
  private static final long SEED = Long.getLong("test.seed", System.nanoTime());

  private final Random random = new Random(SEED);

  @TempDir private static Path home;

  @Test
  void whenever_the_daemon_is_killed_the_deployment_goes_on_where_it_was() throws Exception {
    try (RealDaemon daemon = new RealDaemon(home, 8, "-Dvolant.deployment.retry-min=1500ms")) {
      daemon.start();
      String image = home.resolve("e2e.cpio.gz").toString();
      daemon.run("fledge", "build", "-c", "src/test/resources/e2e/fledge.toml", "-o", image);
      daemon.run("volar", "plugins", "install", home.resolve("e2e.manifest.json").toString());
      try (ReplicaWatch watch = new ReplicaWatch(daemon)) {
        daemon.json(
            "POST",
            DEPLOYMENTS,
            "{\"name\": \"site\", \"replicas\": 2, \"config\": {\"plugin\": \"e2e\"}}",
            201);
        settle(daemon, 2, 1);

        change(daemon, "{\"config\": {\"env\": {\"ROUND\": \"2\"}}}", 6_000, 4_000);
        settle(daemon, 2, 2);

        change(daemon, "{\"replicas\": 3}", 3_000);
        settle(daemon, 3, 2);
        change(daemon, "{\"replicas\": 2}", 1_500);
        settle(daemon, 2, 2);

        crash(daemon, "site-1");
        daemon.dieIn(random.nextInt(2_500));
        daemon.start();
        settle(daemon, 2, 2);

        assertThat(watch.sightings()).isGreaterThan(3);
        assertThat(watch.problems("site", REPLICAS_MAX)).as("seed %s", SEED).isEmpty();
        assertThat(RolloutStory.of(daemon, "site").count("deployment.config_changed"))
            .as("seed %s: what was asked twice was done once", SEED)
            .isEqualTo(1);
      }
      daemon.json("DELETE", SITE, "", 204);
      assertThat(daemon.leaks().none()).as("seed %s: %s", SEED, daemon.leaks()).isTrue();
    }
  }

  @Test
  void a_restart_that_was_planned_comes_though_the_daemon_died_before_it() throws Exception {
    try (RealDaemon daemon = new RealDaemon(home.resolve("alone"), 9, "")) {
      daemon.start();
      String image = home.resolve("alone.cpio.gz").toString();
      daemon.run("fledge", "build", "-c", "src/test/resources/e2e/fledge.toml", "-o", image);
      daemon.run("volar", "plugins", "install", home.resolve("alone.manifest.json").toString());
      try (ReplicaWatch watch = new ReplicaWatch(daemon)) {
        daemon.json(
            "POST",
            VMS + "?wait=healthy&timeout=120",
            "{\"name\": \"alone-1\", \"plugin\": \"e2e\", \"config\": {\"restart_policy\":"
                + " {\"policy\": \"always\", \"backoff_min_ms\": 1500}}}",
            201);
        for (int round = 1; round <= 2; round++) {
          crash(daemon, "alone-1");
          daemon.dieIn(random.nextInt(2_500));
          daemon.start();
          awaitHealthy(daemon, "alone-1");
          // one start for the creation, and one for each end
          assertThat(RolloutStory.of(daemon, "alone").count("vm.start_requested"))
              .as("seed %s", SEED)
              .isEqualTo(1L + round);
        }
        assertThat(watch.problems("alone", 1)).as("seed %s", SEED).isEmpty();
      }
      daemon.json("DELETE", VMS + "/alone-1", "", 204);
      assertThat(daemon.leaks().none()).as("seed %s: %s", SEED, daemon.leaks()).isTrue();
    }
  }

  /**
   * Asks for a change of the deployment, kills the daemon at a moment below each limit, and asks
   * again: whether the first was heard, nobody knows.
   */
  private void change(RealDaemon daemon, String body, int... limitsMs)
      throws IOException, InterruptedException {
    for (int limitMs : limitsMs) {
      daemon.dieDuring("PATCH", SITE, body, random.nextInt(limitMs));
    }
    daemon.json("PATCH", SITE, body, 200);
  }

  /** Kills the hypervisor of a VM that is healthy, and waits until that is known. */
  private static void crash(RealDaemon daemon, String name)
      throws IOException, InterruptedException {
    awaitHealthy(daemon, name);
    JsonNode vm = daemon.vm(name);
    ProcessHandle.of(vm.get("pid").asLong()).orElseThrow().destroyForcibly();
    Awaitility.await(name + " is known to have crashed (seed " + SEED + ")")
        .atMost(SETTLED)
        .pollInterval(Duration.ofMillis(50))
        .until(() -> !daemon.vm(name).path("status").asText().equals("running"));
  }

  private static void awaitHealthy(RealDaemon daemon, String name) {
    Awaitility.await(name + " is healthy (seed " + SEED + ")")
        .atMost(SETTLED)
        .pollInterval(Duration.ofMillis(100))
        .until(() -> daemon.vm(name).path("health").asText().equals("healthy"));
  }

  /** Waits until exactly so many VMs are there, all healthy and of the revision. */
  private static void settle(RealDaemon daemon, int replicas, int revision) {
    List<String> wanted = new ArrayList<>();
    for (int number = 1; number <= replicas; number++) {
      wanted.add("site-" + number + " healthy " + revision);
    }
    Awaitility.await("the deployment is as it shall be (seed " + SEED + ")")
        .atMost(SETTLED)
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(() -> {
          JsonNode site = daemon.json("GET", SITE, "", 200);
          List<String> found = new ArrayList<>();
          site.get("replicas")
              .forEach(replica ->
                  found.add(
                      "%s %s %d"
                          .formatted(
                              replica.get("name").asText(),
                              replica.get("health").asText(),
                              replica.get("revision").asInt())));
          assertThat(found).as(site.toPrettyString()).isEqualTo(wanted);
          assertThat(site.at("/rollout/state").asText()).isEqualTo("complete");
          assertThat(daemon.json("GET", VMS, "", 200)).hasSize(replicas);
        });
  }
}
