package io.volant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.volant.cli.http.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeploymentCommandsTest {
  private static final String WEB = "/api/v1/deployments/web";
  private static final String BEGUN = deployment("progressing", 0, 1, 1, "");
  private static final String HALF = deployment("progressing", 2, 2, 1, "web-1 failed once: no");
  private static final String COMPLETE = deployment("complete", 3, 3, 1, "");
  private static final String FAILED =
      deployment("failed", 2, 1, 2, "web-3 of revision 2 failed 3 times in a row: no such file");

  private ScriptedApi api;
  @TempDir private Path folder;

  @BeforeEach
  void open() throws IOException {
    api = new ScriptedApi();
  }

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void create_shows_how_far_it_is_until_all_is_there() throws IOException {
    api.on("POST /api/v1/deployments", 201, BEGUN);
    api.on("GET " + WEB, 200, HALF);
    api.on("GET " + WEB, 200, HALF);
    api.on("GET " + WEB, 200, COMPLETE);

    VolarRun run =
        VolarRun.of(
            api,
            "deployments",
            "create",
            "web",
            "--replicas",
            "3",
            "--config",
            config(),
            "--max-unavailable",
            "2");

    assertThat(run)
        .isEqualTo(
            new VolarRun(
                0,
                "web has 3 of 3 ready, 3 with revision 1\n",
                """
                  0 of 3 ready, 1 with revision 1
                  2 of 3 ready, 2 with revision 1; web-1 failed once: no
                  3 of 3 ready, 3 with revision 1
                """));
    assertThat(Json.parse(api.requests().getFirst().body()))
        .isEqualTo(
            Json.parse(
                """
                {"name": "web", "replicas": 3, "config": {"plugin": "hello"}, "max_unavailable": 2}
                """));
  }

  @Test
  void without_waiting_it_comes_back_at_once() throws IOException {
    api.on("POST /api/v1/deployments", 201, BEGUN);

    VolarRun run =
        VolarRun.of(api, "deployments", "create", "web", "--config", config(), "--no-wait");

    assertThat(run).isEqualTo(new VolarRun(0, "web has 0 of 3 ready, 1 with revision 1\n", ""));
    assertThat(api.lines()).containsExactly("POST /api/v1/deployments");
  }

  @Test
  void an_update_that_fails_says_why_and_has_an_exit_code() throws IOException {
    api.on("PATCH " + WEB, 200, BEGUN);
    api.on("GET " + WEB, 200, FAILED);

    VolarRun run = VolarRun.of(api, "deployments", "update", "web", "--config", config());

    assertThat(run.exitCode()).isEqualTo(ExitCode.VM_FAILED.number());
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .contains("volar: the rollout of 'web' failed: web-3 of revision 2 failed 3 times")
        .contains("volar deployments rollback web");
    assertThat(api.requests().getFirst().body()).isEqualTo("{\"config\":{\"plugin\":\"hello\"}}");
  }

  @Test
  void a_wait_has_an_end() {
    api.on("GET " + WEB, 200, BEGUN);

    VolarRun run = VolarRun.of(api, "deployments", "rollout", "status", "web", "--timeout", "0");

    assertThat(run.exitCode()).isEqualTo(ExitCode.TIMEOUT.number());
    assertThat(run.err()).contains("not there after 0 s").contains("rollout status web");
  }

  @Test
  void a_daemon_that_is_away_for_a_while_is_waited_for() {
    api.on("POST " + WEB + "/rollback", 200, BEGUN);
    api.on("GET " + WEB, ScriptedApi.cut());
    api.on("GET " + WEB, 200, COMPLETE);

    VolarRun run = VolarRun.of(api, "deployments", "rollback", "web");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).isEqualTo("web has 3 of 3 ready, 3 with revision 1\n");
  }

  @Test
  void scale_is_the_same_under_vms() {
    api.on("PATCH " + WEB, 200, COMPLETE);

    assertThat(VolarRun.of(api, "deployments", "scale", "web", "--replicas", "3").exitCode())
        .isZero();
    assertThat(VolarRun.of(api, "vms", "scale", "web", "--replicas", "3").exitCode()).isZero();

    assertThat(api.requests())
        .extracting(ScriptedApi.Request::body)
        .containsExactly("{\"replicas\":3}", "{\"replicas\":3}");
  }

  @Test
  void a_refused_change_is_one_line() {
    api.on("PATCH " + WEB, 404, Samples.error("deployment_not_found", "no deployment is web"));

    assertThat(VolarRun.of(api, "deployments", "scale", "web", "--replicas", "3"))
        .isEqualTo(new VolarRun(ExitCode.NOT_FOUND.number(), "", "volar: no deployment is web\n"));
  }

  @Test
  void an_unreachable_daemon_is_told_as_ever() {
    String url = api.url();
    api.close();

    VolarRun run =
        VolarRun.with(
            java.util.Map.of("VOLANT_API_BASE", url),
            false,
            "deployments",
            "scale",
            "web",
            "--replicas",
            "3");

    assertThat(run.exitCode()).isEqualTo(ExitCode.UNREACHABLE.number());
    assertThat(run.err()).hasLineCount(1).contains("connection refused");
  }

  @Test
  void list_and_get_are_tables_or_what_the_api_said() throws IOException {
    api.on("GET /api/v1/deployments", 200, "[" + COMPLETE + "," + FAILED + "]");
    api.on("GET " + WEB, 200, FAILED);

    Golden.matches("deployments-list.txt", VolarRun.of(api, "deployments", "list").out());
    Golden.matches("deployments-get.txt", VolarRun.of(api, "deployments", "get", "web").out());
    assertThat(VolarRun.of(api, "deployments", "get", "web", "-o", "json").out())
        .contains("\"desired_replicas\" : 3");
  }

  @Test
  void delete_waits_until_it_is_gone() {
    api.on(
        "DELETE " + WEB,
        202,
        "{\"id\":\"1\",\"state\":\"running\"}",
        "Location",
        "/api/v1/requests/1");
    api.on("DELETE " + WEB, 204, "");
    api.on("GET " + WEB, 200, BEGUN);
    api.on("GET " + WEB, 404, Samples.error("deployment_not_found", "no deployment is web"));

    assertThat(VolarRun.of(api, "deployments", "delete", "web"))
        .isEqualTo(new VolarRun(0, "web is deleted\n", ""));
    assertThat(VolarRun.of(api, "deployments", "rm", "web"))
        .isEqualTo(new VolarRun(0, "web is deleted\n", ""));
  }

  private String config() throws IOException {
    return Files.writeString(folder.resolve("c.json"), "{\"plugin\": \"hello\"}").toString();
  }

  private static String deployment(
      String state, int ready, int updated, int revision, String message) {
    return """
    {"name": "web", "desired_replicas": 3, "ready_replicas": %d, "max_unavailable": 1, "revision": %d,
     "rollout": {"state": "%s", "revision": %d, "updated": %d, "message": "%s"},
     "replicas": [{"name": "web-1", "status": "running", "health": "healthy", "revision": 1},
                  {"name": "web-2", "status": "running", "health": "healthy", "revision": 1},
                  {"name": "web-3", "status": "crashed", "health": "unknown", "revision": 2, "message": "%s"}],
     "config": {"plugin": "hello"}, "created_at": "2026-11-23T13:00:00.000Z",
     "updated_at": "2026-11-23T14:00:00.000Z"}
    """
        .formatted(ready, revision, state, revision, updated, message, message);
  }
}
