package io.volant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VmCommandsTest {
  private static final String BOTH = "[" + Samples.HEALTHY + "," + Samples.CRASHED + "]";

  private ScriptedApi api;

  @BeforeEach
  void open() throws IOException {
    api = new ScriptedApi();
  }

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void list_is_an_aligned_table() throws IOException {
    api.on("GET /api/v1/vms", 200, BOTH, "X-Total-Count", "2");

    VolarRun run = VolarRun.of(api, "vms", "list");

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    Golden.matches("vms-list.txt", run.out());
  }

  @Test
  void list_in_colour_is_aligned_as_well() throws IOException {
    api.on("GET /api/v1/vms", 200, BOTH);

    VolarRun run = VolarRun.with(Map.of("VOLANT_API_BASE", api.url()), true, "vms", "ls");

    assertThat(run.out())
        .contains("\u001b[32mrunning\u001b[0m")
        .contains("\u001b[31mcrashed\u001b[0m");
    assertThat(run.out().replaceAll("\u001b\\[[0-9]+m", ""))
        .isEqualTo(VolarRun.of(api, "vms", "ls").out());
  }

  @Test
  void list_passes_its_filters_on() {
    api.on(
        "GET /api/v1/vms?status=running%2Ccrashed&runtime=r&plugin=p&q=a%20b&limit=2&offset=4&sort=name&order=desc",
        200, BOTH, "X-Total-Count", "17");

    VolarRun run =
        VolarRun.of(
            api,
            "vms",
            "list",
            "--status",
            "running,crashed",
            "--runtime",
            "r",
            "--plugin",
            "p",
            "-q",
            "a b",
            "--limit",
            "2",
            "--offset",
            "4",
            "--sort",
            "name",
            "--order",
            "desc");

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEqualTo("(2 of 17)\n");
  }

  @Test
  void json_output_is_the_json_of_the_api() throws IOException {
    api.on(
        "GET /api/v1/vms",
        200,
        """
        [{"name": "web-1", "of_a_newer_daemon": [1, 40.0, 12345678901234567890123, -5000000000, true, null, {}, "\\u00e9"]}]
        """);

    VolarRun run = VolarRun.of(api, "vms", "list", "-o", "json");

    assertThat(run.exitCode()).isZero();
    Golden.matches("vms-list-json.txt", run.out());
  }

  @Test
  void get_shows_all_that_is_known() throws IOException {
    api.on("GET /api/v1/vms/web-2", 200, Samples.CRASHED);

    VolarRun run = VolarRun.of(api, "vms", "get", "web-2");

    assertThat(run.exitCode()).isZero();
    Golden.matches("vms-get.txt", run.out());
  }

  @Test
  void stop_waits_until_the_vm_is_stopped() {
    api.on(
        "POST /api/v1/vms/web-1/stop?wait=stopped&timeout=60",
        200,
        Samples.STOPPED,
        "X-Volant-Wait",
        "reached");

    assertThat(VolarRun.of(api, "vms", "stop", "web-1"))
        .isEqualTo(new VolarRun(0, "web-1 is stopped\n", ""));
  }

  @Test
  void stop_without_waiting_tells_the_state() {
    api.on("POST /api/v1/vms/web-1/stop", 200, Samples.HEALTHY.replace("running", "stopping"));

    assertThat(VolarRun.of(api, "vms", "stop", "web-1", "--no-wait"))
        .isEqualTo(new VolarRun(0, "web-1 is stopping\n", ""));
  }

  @Test
  void delete_goes_on_after_a_failure_and_ends_with_its_code() {
    api.on("DELETE /api/v1/vms/a", 204, "");
    api.on("DELETE /api/v1/vms/b", 404, Samples.error("vm_not_found", "no VM has the name 'b'"));
    api.on("DELETE /api/v1/vms/c", 204, "");

    VolarRun run = VolarRun.of(api, "vms", "delete", "a", "b", "c");

    assertThat(run)
        .isEqualTo(
            new VolarRun(
                ExitCode.NOT_FOUND.number(),
                "a is deleted\nc is deleted\n",
                "volar: no VM has the name 'b'\n"));
  }

  @Test
  void timeline_shows_a_bar_a_step() throws IOException {
    api.on("GET /api/v1/vms/web-1/timeline", 200, Samples.TIMELINE);

    VolarRun run = VolarRun.of(api, "vms", "timeline", "web-1");

    assertThat(run.exitCode()).isZero();
    Golden.matches("vms-timeline.txt", run.out());
  }

  @Test
  void timeline_of_a_start_without_time_is_shown() {
    api.on(
        "GET /api/v1/vms/web-1/timeline",
        200,
        """
        {"name": "web-1", "attempt": 1, "started_at": "2026-11-23T13:00:00Z", "total_ms": 0, "steps": [
         {"step": "created", "at": "2026-11-23T13:00:00Z", "since_start_ms": 0, "took_ms": 0, "source": "host"}]}
        """);

    assertThat(VolarRun.of(api, "vms", "timeline", "web-1").out()).contains("created  host");
  }
}
