package io.volant.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Real VMs, and updates of their deployment that cannot work. */
@Tag("vm")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RolloutVmTest {

  private static final String DEPLOYMENTS = "/api/v1/deployments";
  private static final String SITE = DEPLOYMENTS + "/site";
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  @TempDir private static Path home;
  private RealDaemon daemon;

  @BeforeAll
  void deploy() throws Exception {
    daemon =
        new RealDaemon(
            home, 7, "-Dvolant.deployment.healthy-timeout=15s -Dvolant.deployment.retry-min=200ms");
    daemon.start();
    String image = home.resolve("e2e.cpio.gz").toString();
    daemon.run("fledge", "build", "-c", "src/test/resources/e2e/fledge.toml", "-o", image);
    daemon.run("volar", "plugins", "install", home.resolve("e2e.manifest.json").toString());
    daemon.json(
        "POST",
        DEPLOYMENTS,
        "{\"name\": \"site\", \"replicas\": 2, \"config\": {\"plugin\": \"e2e\"}}",
        201);
    JsonNode site = settled("complete");
    assertThat(site.get("ready_replicas").asInt()).as(site.toPrettyString()).isEqualTo(2);
  }

  @AfterAll
  void leaveNothing() throws Exception {
    try (RealDaemon ending = daemon) {
      ending.json("DELETE", SITE, "", 204);
      assertThat(ending.json("GET", "/api/v1/vms", "", 200)).isEmpty();
      assertThat(ending.leaks().none()).as(ending.leaks().toString()).isTrue();
    }
  }

  @Test
  void an_update_that_cannot_work_stops_at_one_replica_says_why_and_is_rolled_back()
      throws Exception {
    JsonNode first = daemon.vm("site-1");
    try (ReplicaWatch watch = new ReplicaWatch(daemon)) {
      // the workload runs, and has no such page
      JsonNode missing = update("{\"health_check\": {\"endpoint\": \"/missing\"}}");
      assertThat(missing.at("/rollout/message").asText())
          .startsWith("site-2 of revision 2 was not healthy within 15000 ms: ")
          .contains("404");
      assertThat(revisions(missing)).containsExactly(1, 2);
      assertThat(missing.get("ready_replicas").asInt()).isEqualTo(1);
      assertUntouched(first);

      // the workload ends as soon as it is started
      JsonNode ends =
          update("{\"env\": {\"END_WITH\": \"3\"}, \"health_check\": {\"endpoint\": \"/\"}}");
      assertThat(ends.at("/rollout/message").asText())
          .isEqualTo(
              "site-2 of revision 3 was not healthy within 15000 ms: the workload ended with code 3");
      assertThat(revisions(ends)).containsExactly(1, 3);
      assertUntouched(first);

      JsonNode back = daemon.json("POST", SITE + "/rollback", "", 200);
      assertThat(back.get("revision").asInt()).as(back.toPrettyString()).isEqualTo(1);
      JsonNode site = settled("complete");
      assertThat(site.get("ready_replicas").asInt()).as(site.toPrettyString()).isEqualTo(2);
      assertThat(revisions(site)).containsExactly(1, 1);
      assertThat(page(daemon.vm("site-2"))).contains("e2e");
      assertUntouched(first);
      assertThat(watch.problems("site", 2)).isEmpty();
    }
  }

  /** Changes the config, and waits until it is known that it does not work. */
  private JsonNode update(String config) throws IOException, InterruptedException {
    daemon.json("PATCH", SITE, "{\"config\": " + config + "}", 200);
    return settled("failed");
  }

  private JsonNode settled(String state) {
    return Awaitility.await("the rollout is " + state)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> daemon.json("GET", SITE, "", 200),
            site -> site.at("/rollout/state").asText().equals(state));
  }

  private void assertUntouched(JsonNode was) throws IOException, InterruptedException {
    JsonNode now = daemon.vm(was.get("name").asText());
    assertThat(now.get("pid")).isEqualTo(was.get("pid"));
    assertThat(now.get("health").asText()).isEqualTo("healthy");
    assertThat(page(now)).contains("e2e");
  }

  private static List<Integer> revisions(JsonNode site) {
    List<Integer> revisions = new ArrayList<>();
    site.get("replicas").forEach(replica -> revisions.add(replica.get("revision").asInt()));
    return revisions;
  }

  private String page(JsonNode vm) throws IOException, InterruptedException {
    String address = Objects.requireNonNull(vm.get("ip_address")).asText();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + address + ":8080/"))
            .timeout(Duration.ofSeconds(20))
            .build();
    return daemon.client().send(request, BodyHandlers.ofString()).body();
  }
}
