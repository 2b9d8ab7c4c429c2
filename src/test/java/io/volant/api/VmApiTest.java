package io.volant.api;

import static io.volant.api.RunningApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.volant.model.VmId;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** VMs over HTTP, with the real actors on a simulated host. */
class VmApiTest {

  private static final String VMS = "/api/v1/vms";

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
  void a_vm_is_created_shown_and_listed() {
    HttpResponse<String> created =
        api.post(VMS + "?wait=healthy", "{\"name\":\"web-1\",\"plugin\":\"hello\"}");
    assertThat(created.statusCode()).isEqualTo(201);
    assertThat(created.headers().firstValue("X-Volant-Wait")).hasValue("reached");
    assertThat(created.headers().firstValue("Location")).hasValue(VMS + "/web-1");
    JsonNode vm = json(created);
    assertVm(vm);
    assertThat(vm.path("status").asText()).isEqualTo("running");
    assertThat(vm.path("health").asText()).isEqualTo("healthy");
    assertThat(vm.path("boot_ms").isNumber()).isTrue();
    assertThat(vm.path("pid").isNumber()).isTrue();
    assertThat(json(api.get(VMS + "/web-1"))).isEqualTo(vm);
    HttpResponse<String> list = api.get(VMS + "?status=running,starting&q=WEB&sort=name&limit=1");
    assertThat(list.headers().firstValue("X-Total-Count")).hasValue("1");
    assertThat(json(list)).containsExactly(vm);
    assertThat(json(api.get(VMS + "?status=stopped"))).isEmpty();
  }

  @Test
  void config_wins_over_the_flat_fields_and_those_over_the_manifest() {
    JsonNode vm =
        json(
            api.post(
                VMS,
                """
                {"name":"web-1","plugin":"hello","cpu_cores":2,"memory_mb":100,
                 "config":{"resources":{"memory_mb":200},"metadata":{"team":"web"},"env":{"A":"1"}}}
                """));
    assertThat(vm.path("cpu_cores").asInt()).isEqualTo(2);
    assertThat(vm.path("memory_mb").asInt()).isEqualTo(200);
  }

  @Test
  void a_vm_is_stopped_started_restarted_and_deleted() {
    api.createHealthy("web-1");
    JsonNode stopped = json(api.post(VMS + "/web-1/stop?wait=stopped"));
    assertVm(stopped);
    assertThat(stopped.path("status").asText()).isEqualTo("stopped");
    assertProblem(api.post(VMS + "/web-1/stop"), 409, "already_stopped");
    assertProblem(api.get(VMS + "/web-1/agent/"), 409, "not_running");
    assertThat(json(api.post(VMS + "/web-1/start?wait=running")).path("status").asText())
        .isEqualTo("running");
    assertProblem(api.post(VMS + "/web-1/start"), 409, "already_running");
    HttpResponse<String> restarted = api.post(VMS + "/web-1/restart?wait=healthy");
    assertThat(restarted.headers().firstValue("X-Volant-Wait")).hasValue("reached");
    assertThat(api.delete(VMS + "/web-1").statusCode()).isEqualTo(204);
    assertProblem(api.get(VMS + "/web-1"), 404, "vm_not_found");
    assertProblem(api.delete(VMS + "/web-1"), 404, "vm_not_found");
    assertThat(api.world().census()).isEmpty();
  }

  @Test
  void a_wait_tells_that_it_was_too_short() {
    HttpResponse<String> created =
        api.post(
            VMS + "?wait=healthy&timeout=1",
            "{\"name\":\"web-1\",\"plugin\":\"hello\",\"kernel_cmdline\":\"simulated.healthy_ms=-1\"}");
    assertThat(created.statusCode()).isEqualTo(201);
    assertThat(created.headers().firstValue("X-Volant-Wait")).hasValue("timeout");
    assertThat(json(created).path("status").asText()).isEqualTo("running");
  }

  @Test
  void a_wait_tells_that_the_vm_failed() {
    HttpResponse<String> created =
        api.post(
            VMS + "?wait=healthy",
            "{\"name\":\"web-1\",\"plugin\":\"hello\",\"kernel_cmdline\":\"simulated.launch_fails=1\"}");
    assertThat(created.statusCode()).isEqualTo(201);
    assertThat(created.headers().firstValue("X-Volant-Wait")).hasValue("failed");
    assertVm(json(created));
    assertThat(json(created).path("status").asText()).isEqualTo("crashed");
    assertThat(json(created).path("reason").asText()).contains("launch");
  }

  @Test
  void a_crash_is_shown_with_signal_and_console() {
    VmId id = new VmId(api.createHealthy("web-1").path("id").asLong());
    api.world().kill(id);
    Awaitility.await()
        .atMost(RunningApi.PATIENCE)
        .until(() -> json(api.get(VMS + "/web-1")).path("status").asText().equals("crashed"));
    JsonNode vm = json(api.get(VMS + "/web-1"));
    assertVm(vm);
    assertThat(vm.path("exit").path("signal").asInt()).isEqualTo(9);
    assertThat(vm.path("exit").path("console")).isNotEmpty();
  }

  @Test
  void refusals_name_what_is_wrong() {
    api.createHealthy("web-1");
    assertProblem(create("{\"name\":\"web-1\",\"plugin\":\"hello\"}"), 409, "name_taken");
    assertProblem(create("{\"name\":\"b\",\"plugin\":\"none\"}"), 404, "plugin_not_found");
    assertProblem(
        create("{\"name\":\"b\",\"plugin\":\"hello\",\"memory_mb\":99999999}"),
        422,
        "host_resources_exceeded");
    assertProblem(
        create(
            "{\"name\":\"b\",\"plugin\":\"hello\",\"config\":{\"initramfs\":{\"url\":\"/missing\"}}}"),
        422,
        "artifact_unavailable");
    assertProblem(
        create("{\"name\":\"b\",\"plugin\":\"hello\",\"config\":{\"plugin\":\"other\"}}"),
        400,
        "invalid_field");
    JsonNode typo =
        assertProblem(
            create("{\"name\":\"b\",\"plugin\":\"hello\",\"memroy_mb\":1}"), 400, "unknown_field");
    assertThat(typo.path("details").path(0).path("field").asText()).isEqualTo("memroy_mb");
    assertThat(api.world().census()).hasSize(4);
  }

  @Test
  void all_wrong_fields_are_named_at_once() {
    JsonNode problem =
        assertProblem(
            create(
                "{\"name\":\"No/Name\",\"plugin\":\"hello\",\"memory_mb\":0,\"cpu_cores\":\"x\"}"),
            400,
            "invalid_field");
    assertThat(problem.path("details"))
        .extracting(detail -> detail.path("field").asText())
        .containsExactlyInAnyOrder("name", "memory_mb", "cpu_cores");
  }

  @Test
  void what_is_not_built_yet_is_refused_rather_than_ignored() {
    JsonNode problem =
        assertProblem(
            create("{\"name\":\"b\",\"plugin\":\"hello\",\"config\":{\"expose\":[{\"port\":80}]}}"),
            400,
            "invalid_field");
    assertThat(problem.path("error").asText()).contains("config.expose");
  }

  @Test
  void documents_of_cloud_init_are_taken_and_a_path_is_refused_with_what_to_do() {
    assertThat(
            create(
                    """
                    {"name":"b","plugin":"hello","config":{"cloud_init":
                      {"user_data":{"inline":true,"content":"#cloud-config"}}}}
                    """)
                .statusCode())
        .isEqualTo(201);
    JsonNode problem =
        assertProblem(
            create(
                """
                {"name":"c","plugin":"hello","config":{"cloud_init":{"user_data":{"path":"u"}}}}
                """),
            400,
            "invalid_field");
    assertThat(problem.path("details").path(0).path("field").asText())
        .isEqualTo("config.cloud_init.user_data.path");
    String withPath =
        RunningApi.manifest("paths", "1")
            .replace(
                "\"resources\"",
                "\"cloud_init\": {\"meta_data\": {\"path\": \"m\"}}, \"resources\"");
    JsonNode refused = assertProblem(api.post("/api/v1/plugins", withPath), 400, "invalid_field");
    assertThat(refused.path("error").asText())
        .contains("cloud_init.meta_data.path")
        .contains("volar plugins install");
  }

  @Test
  void the_timeline_has_every_step_in_order() {
    api.createHealthy("web-1");
    JsonNode timeline = json(api.get(VMS + "/web-1/timeline"));
    assertSchema("Timeline", timeline);
    assertThat(timeline.path("steps"))
        .extracting(step -> step.path("step").asText())
        .contains("created", "start_requested", "launched", "healthy");
    assertThat(timeline.path("steps").path(0).path("step").asText()).isEqualTo("created");
  }

  @Test
  void log_lines_come_as_lines_of_json() throws IOException {
    api.createHealthy("web-1");
    String[] lines = api.get(VMS + "/web-1/logs?from=1").body().split("\n");
    assertThat(lines).hasSize(2);
    JsonNode line = RunningApi.JSON.readTree(lines[0]);
    assertSchema("LogLine", line);
    assertThat(line.path("line").asText()).isEqualTo("line 1");
  }

  @Test
  void the_system_tells_about_itself() {
    api.createHealthy("web-1");
    assertSchema("Health", json(api.get("/healthz")));
    assertSchema("SystemStatus", json(api.get("/api/v1/system/status")));
    assertSchema("SystemInfo", json(api.get("/api/v1/system/info")));
    JsonNode summary = json(api.get("/api/v1/system/summary"));
    assertSchema("SystemSummary", summary);
    assertThat(summary.path("by_status").path("running").asInt()).isEqualTo(1);
    assertThat(json(api.get("/openapi")).path("openapi").asText()).startsWith("3.");
  }

  private HttpResponse<String> create(String body) {
    return api.post(VMS, body);
  }

  private JsonNode assertProblem(HttpResponse<String> answer, int status, String code) {
    JsonNode problem = json(answer);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertSchema("Error", problem);
    assertThat(problem.path("code").asText()).isEqualTo(code);
    return problem;
  }

  private void assertVm(JsonNode vm) {
    assertSchema("Vm", vm);
  }

  private void assertSchema(String name, JsonNode value) {
    assertThat(document.problems(document.target("#/components/schemas/" + name), value))
        .as(value.toString())
        .isEmpty();
  }

  @Test
  void what_is_about_the_daemon_is_under_the_prefix_of_all_others_too() {
    assertThat(api.get("/api/v1/healthz").body()).isEqualTo(api.get("/healthz").body());
    assertThat(api.get("/api/v1/openapi").body()).isEqualTo(api.get("/openapi").body());
    assertThat(api.post("/api/v1/mcp", "{\"command\":\"volant.vms.list\"}").statusCode())
        .isEqualTo(200);
    assertThat(api.post("/api/v1/healthz").statusCode()).isEqualTo(405);
  }
}
