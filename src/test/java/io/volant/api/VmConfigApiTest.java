package io.volant.api;

import static io.volant.api.RunningApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.volant.model.VmId;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The configs of VMs over HTTP, with the real actors on a simulated host. */
class VmConfigApiTest {

  private static final String VM = "/api/v1/vms/web-1";
  private static final String CONFIG = VM + "/config";

  @TempDir private Path home;
  private RunningApi api;
  private OpenApiDocument document;

  @BeforeEach
  void start() throws IOException {
    api = RunningApi.start(home);
    document = OpenApiDocument.read();
    api.createHealthy("web-1");
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void a_config_is_shown_resolved_and_can_be_sent_back_as_it_is() {
    HttpResponse<String> shown = api.get(CONFIG);
    assertThat(shown.statusCode()).isEqualTo(200);
    assertThat(shown.headers().firstValue("ETag")).hasValue("\"1\"");
    JsonNode config = valid("VersionedConfig", json(shown));
    assertThat(config.path("version").asInt()).isEqualTo(1);
    assertThat(config.path("running_version").asInt()).isEqualTo(1);
    assertThat(config.at("/config/plugin").asText()).isEqualTo("hello");
    assertThat(config.at("/config/resources/memory_mb").isNumber()).isTrue();
    assertThat(config.at("/config/restart_policy/policy").asText()).isEqualTo("no");
    JsonNode same = changed(config.path("config").toString(), null);
    assertThat(same.path("version").asInt()).as(same.toString()).isEqualTo(1);
    assertThat(same.path("changes")).isEmpty();
  }

  @Test
  void a_change_counts_from_the_next_start_on_or_at_once() {
    int before = json(api.get(VM)).path("memory_mb").asInt();
    JsonNode changed =
        changed(
            "{\"resources\":{\"memory_mb\":321},\"restart_policy\":\"always\",\"metadata\":{\"a\":\"b\"}}",
            "\"1\"");
    assertThat(changed.path("version").asInt()).isEqualTo(2);
    assertThat(changed.path("running_version").asInt()).isEqualTo(1);
    assertThat(changed.path("changes").toString())
        .isEqualTo(
            """
            [{"field":"metadata","applies":"now"},\
            {"field":"resources.memory_mb","applies":"next_start"},\
            {"field":"restart_policy","applies":"now"}]\
            """);
    JsonNode running = valid("Vm", json(api.get(VM)));
    assertThat(running.path("memory_mb").asInt()).isEqualTo(before);
    assertThat(running.at("/restart/policy").asText()).isEqualTo("always");
    assertThat(running.at("/restart/retries").asInt(-1)).isZero();
    JsonNode restarted = json(api.post(VM + "/restart?wait=healthy"));
    assertThat(restarted.path("memory_mb").asInt()).isEqualTo(321);
    assertThat(json(api.get(CONFIG)).path("running_version").asInt()).isEqualTo(2);
  }

  @Test
  void fields_are_merged_and_what_is_not_given_stays() {
    changed("{\"api\":{\"host\":\"10.9.0.1\"},\"env\":{\"A\":\"1\",\"B\":\"2\"}}", null);
    changed("{\"api\":{\"port\":\"7777\"},\"resources\":{\"cpu_cores\":2}}", null);
    JsonNode config = changed("{\"env\":{\"B\":\"3\"}}", null).path("config");
    assertThat(config.path("api").toString())
        .isEqualTo("{\"host\":\"10.9.0.1\",\"port\":\"7777\"}");
    assertThat(config.path("env").toString()).isEqualTo("{\"B\":\"3\"}");
    assertThat(config.at("/resources/cpu_cores").asInt()).isEqualTo(2);
    assertThat(config.at("/resources/memory_mb").asInt()).isPositive();
  }

  @Test
  void null_takes_a_field_away() {
    JsonNode full =
        changed(
            """
            {"kernel_override": "/boot/mine", "kernel_cmdline": "quiet", "env": {"A": "1"},
             "api": {"host": "10.9.0.1", "port": "7777"}, "metadata": {"a": "b"}, "restart_policy": "always",
             "health_check": {"endpoint": "/up"},
             "cloud_init": {"user_data": {"content": "u"}, "network_config": {"content": "n"}}}
            """,
            null);
    assertThat(full.at("/config/kernel_override").asText()).isEqualTo("/boot/mine");

    JsonNode parts =
        changed(
            "{\"kernel_override\": null, \"api\": {\"port\": null}, \"cloud_init\": {\"user_data\": null}}",
            null);
    assertThat(parts.path("config").has("kernel_override")).isFalse();
    assertThat(parts.at("/config/api").toString()).isEqualTo("{\"host\":\"10.9.0.1\"}");
    assertThat(parts.at("/config/cloud_init").has("user_data")).isFalse();
    assertThat(parts.at("/config/cloud_init/network_config/content").asText()).isEqualTo("n");
    assertThat(parts.at("/config/env/A").asText()).as("is kept").isEqualTo("1");

    JsonNode empty =
        changed(
            """
            {"kernel_cmdline": null, "env": null, "api": null, "metadata": null, "restart_policy": null,
             "health_check": null, "cloud_init": null}
            """,
            null);
    JsonNode config = empty.path("config");
    assertThat(config.has("api") || config.has("cloud_init") || config.has("health_check"))
        .as(config.toPrettyString())
        .isFalse();
    assertThat(config.path("kernel_cmdline").asText()).isEmpty();
    assertThat(config.path("env")).isEmpty();
    assertThat(config.path("metadata")).isEmpty();
    assertThat(config.at("/restart_policy/policy").asText()).isEqualTo("no");
    assertThat(changed("{\"api\": null}", null).path("version")).isEqualTo(empty.path("version"));

    for (String field : List.of("resources", "initramfs", "plugin", "network")) {
      HttpResponse<String> refused = patch("{\"" + field + "\": null}", null);
      assertProblem(refused, 400, "invalid_field");
      assertThat(json(refused).path("error").asText())
          .isEqualTo(field + " cannot be removed; every VM has one");
    }
    assertProblem(patch("{\"colour\": null}", null), 400, "unknown_field");
    assertProblem(patch("{\"env\": {\"A\": null}}", null), 400, "invalid_field");
  }

  @Test
  void one_boot_medium_clears_the_other() {
    JsonNode rootfs =
        changed("{\"rootfs\":{\"url\":\"/images/a.squashfs\",\"format\":\"squashfs\"}}", null);
    assertThat(rootfs.at("/config/rootfs/url").asText()).isEqualTo("/images/a.squashfs");
    assertThat(rootfs.at("/config").has("initramfs")).isFalse();
    JsonNode initramfs = changed("{\"initramfs\":{\"url\":\"/images/b.cpio\"}}", null);
    assertThat(initramfs.at("/config/initramfs/checksum").asText()).startsWith("sha256:");
    assertThat(initramfs.at("/config").has("rootfs")).isFalse();
    assertProblem(
        patch("{\"rootfs\":{\"url\":\"/a\"},\"initramfs\":{\"url\":\"/b\"}}", null),
        400,
        "invalid_field");
  }

  @Test
  void an_older_version_is_refused() {
    changed("{\"metadata\":{\"a\":\"1\"}}", "\"1\"");
    assertProblem(patch("{\"metadata\":{\"a\":\"2\"}}", "\"1\""), 412, "version_mismatch");
    assertProblem(patch("{\"metadata\":{\"a\":\"2\"}}", "1"), 400, "invalid_field");
    assertThat(changed("{\"metadata\":{\"a\":\"2\"}}", "*").path("version").asInt()).isEqualTo(3);
  }

  @Test
  void refusals_are_those_of_a_new_vm_and_change_nothing() {
    assertProblem(
        patch("{\"resources\":{\"cpu_cores\":99}}", null), 422, "host_resources_exceeded");
    assertProblem(
        patch("{\"initramfs\":{\"url\":\"/missing\"}}", null), 422, "artifact_unavailable");
    assertProblem(patch("{\"colour\":1}", null), 400, "unknown_field");
    assertProblem(patch("{\"plugin\":\"other\"}", null), 400, "invalid_field");
    assertProblem(patch("{\"restart_policy\":\"sometimes\"}", null), 400, "invalid_field");
    HttpResponse<String> backwards =
        patch(
            "{\"restart_policy\":{\"policy\":\"always\",\"backoff_min_ms\":9,\"backoff_max_ms\":8}}",
            null);
    assertProblem(backwards, 400, "invalid_field");
    assertThat(json(backwards).at("/details/0/field").asText())
        .isEqualTo("restart_policy.backoff_min_ms");
    assertProblem(
        api.send(api.request("/api/v1/vms/none/config").method("PATCH", body("{}"))),
        415,
        "unsupported_media_type");
    assertProblem(api.get("/api/v1/vms/none/config"), 404, "vm_not_found");
    assertThat(json(api.get(CONFIG)).path("version").asInt()).isEqualTo(1);
  }

  @Test
  void the_history_is_there_also_after_the_vm_is_gone() {
    changed("{\"metadata\":{\"a\":\"1\"}}", null);
    changed("{\"metadata\":{\"a\":\"2\"}}", null);
    assertThat(versions(CONFIG + "/history")).containsExactly(3, 2, 1);
    assertThat(versions(CONFIG + "/history?limit=1")).containsExactly(3);
    assertThat(api.delete(VM).statusCode()).isEqualTo(204);
    assertProblem(api.get(CONFIG + "/history"), 404, "vm_not_found");
    assertThat(versions(CONFIG + "/history?deleted=true")).containsExactly(3, 2, 1);
  }

  @Test
  void a_restart_is_shown_and_explained() {
    changed("{\"restart_policy\":{\"policy\":\"on-failure\",\"backoff_min_ms\":60000}}", null);
    api.world().kill(new VmId(json(api.get(VM)).path("id").asLong()));
    Awaitility.await()
        .atMost(RunningApi.PATIENCE)
        .until(() -> json(api.get(VM)).at("/restart/next_at").isTextual());
    JsonNode vm = valid("Vm", json(api.get(VM)));
    assertThat(vm.path("status").asText()).isEqualTo("crashed");
    assertThat(vm.at("/restart/retries").asInt()).isEqualTo(1);
    assertThat(json(api.get(VM + "/why")).path("chain").findValuesAsText("sentence"))
        .last()
        .asString()
        .startsWith("its restart policy starts it again at ")
        .endsWith(", retry 1");
    assertThat(json(api.post(VM + "/stop?wait=stopped")).path("status").asText())
        .isEqualTo("stopped");
  }

  @Test
  void a_restart_policy_is_a_word_or_an_object_and_is_told_what_is_wrong_with_it() {
    assertThat(refusal("\"sometimes\""))
        .isEqualTo("restart_policy must be no or on-failure or always, was \"sometimes\"");
    assertThat(refusal("{\"policy\":\"sometimes\"}"))
        .isEqualTo("restart_policy.policy must be no or on-failure or always, was \"sometimes\"");
    assertThat(refusal("7")).isEqualTo("restart_policy must be a string or an object, was 7");
    assertThat(refusal("{\"policy\":\"no\",\"max_retries\":-1}"))
        .isEqualTo("restart_policy.max_retries must be at least 0, was -1");
  }

  private String refusal(String policy) {
    HttpResponse<String> answer = patch("{\"restart_policy\":" + policy + "}", null);
    assertProblem(answer, 400, "invalid_field");
    return json(answer).path("error").asText();
  }

  private List<Integer> versions(String path) {
    JsonNode history = json(api.get(path));
    history.forEach(entry -> valid("ConfigVersion", entry));
    return history.findValues("version").stream().map(JsonNode::asInt).toList();
  }

  private JsonNode changed(String json, @Nullable String ifMatch) {
    HttpResponse<String> answer = patch(json, ifMatch);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return valid("ChangedConfig", json(answer));
  }

  private HttpResponse<String> patch(String json, @Nullable String ifMatch) {
    HttpRequest.Builder request =
        api.request(CONFIG).header("Content-Type", "application/json").method("PATCH", body(json));
    return api.send(ifMatch == null ? request : request.header("If-Match", ifMatch));
  }

  private static HttpRequest.BodyPublisher body(String text) {
    return HttpRequest.BodyPublishers.ofString(text);
  }

  private JsonNode valid(String schema, JsonNode value) {
    assertThat(document.problems(document.target("#/components/schemas/" + schema), value))
        .as(value.toString())
        .isEmpty();
    return value;
  }

  private void assertProblem(HttpResponse<String> answer, int status, String code) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(valid("Error", json(answer)).path("code").asText()).isEqualTo(code);
  }
}
