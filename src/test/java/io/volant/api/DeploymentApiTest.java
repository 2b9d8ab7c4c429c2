package io.volant.api;

import static io.volant.api.RunningApi.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Deployments over HTTP, with the real actors on a simulated host. */
class DeploymentApiTest {

  private static final String ALL = "/api/v1/deployments";
  private static final String WEB = ALL + "/web";

  @TempDir private Path home;
  private RunningApi api;
  private OpenApiDocument document;

  @BeforeEach
  void start() throws IOException {
    api = RunningApi.start(home);
    document = OpenApiDocument.read();
    assertThat(api.post("/api/v1/plugins", RunningApi.manifest("hello", "1")).statusCode())
        .isEqualTo(201);
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void a_deployment_is_created_shown_and_listed() {
    HttpResponse<String> created = create(3, "");
    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
    assertThat(created.headers().firstValue("Location")).hasValue(WEB);
    assertDeployment(json(created));
    assertThat(json(created).at("/rollout/state").asText()).isEqualTo("progressing");
    JsonNode web = awaitState("complete");
    assertThat(web.path("desired_replicas").asInt()).isEqualTo(3);
    assertThat(web.path("ready_replicas").asInt()).isEqualTo(3);
    assertThat(web.at("/rollout/updated").asInt()).isEqualTo(3);
    assertThat(web.path("replicas"))
        .extracting(replica -> replica.path("name").asText())
        .containsExactly("web-1", "web-2", "web-3");
    assertThat(web.at("/replicas/0/status").asText()).isEqualTo("running");
    assertThat(web.at("/replicas/0/health").asText()).isEqualTo("healthy");
    assertThat(web.at("/config/plugin").asText()).isEqualTo("hello");
    assertThat(json(api.get(ALL))).containsExactly(web);
    assertProblem(create(1, ""), 409, "name_taken");
    assertProblem(api.get(ALL + "/none"), 404, "deployment_not_found");
  }

  @Test
  void it_is_scaled_updated_and_rolled_back() {
    create(2, "");
    awaitState("complete");
    JsonNode scaled = json(patch("{\"replicas\": 3, \"max_unavailable\": 2}"));
    assertDeployment(scaled);
    assertThat(scaled.path("desired_replicas").asInt()).isEqualTo(3);
    assertThat(scaled.path("max_unavailable").asInt()).isEqualTo(2);
    awaitDeployment(web -> web.path("ready_replicas").asInt() == 3);
    JsonNode updated =
        json(patch("{\"config\": {\"resources\": {\"memory_mb\": 128}, \"env\": {\"A\": \"2\"}}}"));
    assertThat(updated.path("revision").asInt()).isEqualTo(2);
    assertThat(updated.at("/config/resources/cpu_cores").asInt()).as("is kept").isEqualTo(2);
    assertThat(updated.at("/config/resources/memory_mb").asInt()).isEqualTo(128);
    assertThat(updated.at("/config/env").has("B")).as("is replaced").isFalse();
    awaitState("complete");
    assertThat(json(api.get("/api/v1/vms/web-1")).path("memory_mb").asInt()).isEqualTo(128);
    HttpResponse<String> back = api.post(WEB + "/rollback");
    assertThat(back.statusCode()).isEqualTo(200);
    assertThat(json(back).path("revision").asInt()).isEqualTo(1);
    awaitState("complete");
    JsonNode history = json(api.get(WEB + "/history"));
    history.forEach(revision -> assertSchema("DeploymentRevision", revision));
    assertThat(history).extracting(each -> each.path("revision").asInt()).containsExactly(2, 1);
    assertThat(history.at("/1/current").asBoolean()).isTrue();
    assertProblem(api.post(WEB + "/rollback"), 409, "no_previous_revision");
  }

  @Test
  void a_config_whose_media_cannot_be_had_is_refused_and_nothing_changes() {
    String missing = "\"initramfs\": {\"url\": \"/missing\"}";
    String other = "\"initramfs\": {\"url\": \"/other\", \"checksum\": \"" + "0".repeat(64) + "\"}";
    String body = "{\"name\": \"web\", \"replicas\": 2, \"config\": {\"plugin\": \"hello\", %s}}";
    assertProblem(api.post(ALL, body.formatted(missing)), 422, "artifact_unavailable");
    assertProblem(api.post(ALL, body.formatted(other)), 422, "checksum_mismatch");
    assertProblem(api.get(WEB), 404, "deployment_not_found");
    create(2, "");
    JsonNode before = awaitState("complete");

    HttpResponse<String> refused = patch("{\"replicas\": 3, \"config\": {" + missing + "}}");
    assertProblem(refused, 422, "artifact_unavailable");
    assertThat(json(refused).at("/details/0/field").asText()).isEqualTo("config.initramfs.url");
    assertProblem(patch("{\"config\": {" + other + "}}"), 422, "checksum_mismatch");
    assertProblem(
        patch("{\"config\": {\"rootfs\": {\"url\": \"/hostile\", \"format\": \"qcow2\"}}}"),
        400,
        "invalid_field");
    assertThat(json(api.get(WEB))).isEqualTo(before);
    assertThat(patch("{\"config\": {\"initramfs\": {\"url\": \"/good\"}}}").statusCode())
        .isEqualTo(200);
  }

  @Test
  void a_rollout_that_fails_says_why_and_a_crash_loop_is_visible() {
    create(2, "");
    awaitState("complete");
    patch("{\"config\": {\"kernel_cmdline\": \"simulated.launch_fails=1\"}}");
    JsonNode failed = awaitState("failed");
    assertThat(failed.at("/rollout/message").asText())
        .startsWith("web-2 of revision 2 failed 3 times in a row: ")
        .contains("as was asked");
    assertThat(failed.at("/replicas/1/message").asText()).startsWith("failed ");
    assertThat(failed.path("ready_replicas").asInt()).isEqualTo(1);
  }

  @Test
  void it_is_deleted_with_its_vms_and_its_plugin_then_is_free() {
    create(2, "");
    awaitState("complete");
    assertProblem(api.delete("/api/v1/plugins/hello"), 409, "plugin_in_use");
    assertThat(api.delete(WEB).statusCode()).isEqualTo(204);
    assertProblem(api.get(WEB), 404, "deployment_not_found");
    assertProblem(api.delete(WEB), 404, "deployment_not_found");
    assertProblem(patch("{\"replicas\": 3}"), 404, "deployment_not_found");
    assertProblem(api.post(WEB + "/rollback"), 404, "deployment_not_found");
    assertThat(json(api.get("/api/v1/vms"))).isEmpty();
    assertThat(api.world().census()).isEmpty();
    assertThat(api.delete("/api/v1/plugins/hello").statusCode()).isEqualTo(204);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"name\":\"web\",\"replicas\":1001,\"config\":{\"plugin\":\"hello\"}} | 400 | invalid_field | replicas",
        "{\"name\":\"web\",\"replicas\":-1,\"config\":{\"plugin\":\"hello\"}} | 400 | invalid_field | replicas",
        "{\"name\":\"web\",\"replicas\":1.5,\"config\":{\"plugin\":\"hello\"}} | 400 | invalid_field | replicas",
        "{\"name\":\"No\",\"replicas\":1,\"config\":{\"plugin\":\"hello\"}} | 400 | invalid_field | name",
        "{\"name\":\"web\",\"replicas\":1,\"config\":{}} | 400 | invalid_field | config.plugin",
        "{\"name\":\"web\",\"replicas\":1} | 400 | invalid_field | config",
        "{\"name\":\"web\",\"replicas\":1,\"config\":{\"plugin\":\"none\"}} | 404 | plugin_not_found | config.plugin",
        "{\"name\":\"web\",\"replicas\":1,\"replica\":1,\"config\":{\"plugin\":\"hello\"}} | 400 | unknown_field | replica",
        "{\"name\":\"web\",\"replicas\":1,\"config\":{\"plugin\":\"hello\",\"expose\":[{\"port\":80}]}} | 400 | invalid_field | config.expose",
        "{\"name\":\"web\",\"replicas\":1,\"config\":{\"plugin\":\"hello\",\"resources\":{\"cpu_cores\":99}}} | 422 | host_resources_exceeded | config.resources.cpu_cores",
      })
  void what_cannot_be_is_refused_with_the_field_and_nothing_is_stored(
      String body, int status, String code, String field) {
    JsonNode problem = assertProblem(api.post(ALL, body), status, code);
    assertThat(problem.at("/details/0/field").asText()).isEqualTo(field);
    assertThat(json(api.get(ALL))).isEmpty();
  }

  @Test
  void a_change_that_cannot_be_changes_nothing() {
    create(1, "");
    JsonNode before = awaitState("complete");
    assertProblem(patch("{}"), 400, "invalid_field");
    assertProblem(patch("{\"replicas\": 2000}"), 400, "invalid_field");
    assertProblem(patch("{\"config\": {\"plugin\": \"none\"}}"), 404, "plugin_not_found");
    api.post("/api/v1/plugins/hello/enabled", "{\"enabled\": false}");
    assertProblem(patch("{\"config\": {\"env\": {}}}"), 409, "plugin_disabled");
    assertThat(json(api.get(WEB))).isEqualTo(before);
  }

  private HttpResponse<String> create(int replicas, String words) {
    return api.post(
        ALL,
        """
        {"name": "web", "replicas": %d,
         "config": {"plugin": "hello", "kernel_cmdline": "%s", "resources": {"cpu_cores": 2},
                    "env": {"A": "1", "B": "1"}}}
        """
            .formatted(replicas, words));
  }

  private HttpResponse<String> patch(String body) {
    return api.send(
        api.request(WEB)
            .header("Content-Type", "application/json")
            .method("PATCH", HttpRequest.BodyPublishers.ofString(body)));
  }

  private JsonNode awaitState(String state) {
    return awaitDeployment(web -> web.at("/rollout/state").asText().equals(state));
  }

  private JsonNode awaitDeployment(Predicate<JsonNode> condition) {
    JsonNode deployment =
        await()
            .pollDelay(Duration.ZERO)
            .pollInterval(Duration.ofMillis(5))
            .atMost(RunningApi.PATIENCE)
            .until(() -> json(api.get(WEB)), condition);
    assertDeployment(deployment);
    return deployment;
  }

  private JsonNode assertProblem(HttpResponse<String> answer, int status, String code) {
    JsonNode problem = json(answer);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertSchema("Error", problem);
    assertThat(problem.path("code").asText()).isEqualTo(code);
    return problem;
  }

  private void assertDeployment(JsonNode deployment) {
    assertSchema("Deployment", deployment);
  }

  private void assertSchema(String name, JsonNode value) {
    assertThat(document.problems(document.target("#/components/schemas/" + name), value))
        .as(value.toString())
        .isEmpty();
  }

  @Test
  void replicas_have_no_restart_policy_beside_their_deployment() {
    for (String policy : List.of("\"always\"", "{\"policy\": \"on-failure\"}")) {
      HttpResponse<String> refused =
          api.post(
              "/api/v1/deployments",
              "{\"name\":\"again\",\"replicas\":1,\"config\":{\"plugin\":\"hello\",\"restart_policy\":%s}}"
                  .formatted(policy));
      assertThat(refused.statusCode()).isEqualTo(400);
      assertThat(refused.body()).contains("config.restart_policy", "replaces by itself");
    }
  }
}
