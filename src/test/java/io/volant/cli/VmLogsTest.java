package io.volant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VmLogsTest {
  private static final String FIRST =
      "{\"seq\":4,\"timestamp\":\"2026-11-23T13:00:00Z\",\"stream\":\"stdout\",\"line\":\"héllo\"}\n";
  private static final String SECOND =
      "{\"seq\":5,\"timestamp\":\"2026-11-23T13:00:01Z\",\"stream\":\"stderr\",\"line\":\"\\u001b[2Jgone\"}\n";

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
  void lines_come_as_the_guest_wrote_them() {
    api.on("GET /api/v1/vms/web-1/logs?from=4&follow=false", ScriptedApi.stream(FIRST + SECOND));

    VolarRun run = VolarRun.of(api, "vms", "logs", "web-1", "--from", "4");

    assertThat(run).isEqualTo(new VolarRun(0, "héllo\n\u001b[2Jgone\n", ""));
  }

  @Test
  void a_terminal_is_not_steered_by_the_guest() {
    api.on("GET /api/v1/vms/web-1/logs?from=0&follow=false", ScriptedApi.stream(SECOND));

    VolarRun run =
        VolarRun.with(Map.of("VOLANT_API_BASE", api.url()), true, "vms", "logs", "web-1");

    assertThat(run.out()).isEqualTo("\u001b[33m\ufffd[2Jgone\u001b[0m\n");
    assertThat(VolarRun.plain(api, "vms", "logs", "web-1").out()).isEqualTo("\ufffd[2Jgone\n");
  }

  @Test
  void timestamps_and_streams_are_shown_if_wanted() {
    api.on("GET /api/v1/vms/web-1/logs?from=0&follow=false", ScriptedApi.stream(FIRST));

    assertThat(VolarRun.of(api, "vms", "logs", "web-1", "-t").out())
        .isEqualTo("2026-11-23T13:00:00Z stdout héllo\n");
  }

  @Test
  void json_output_is_the_lines_of_the_api() {
    api.on("GET /api/v1/vms/web-1/logs?from=0&follow=false", ScriptedApi.stream(FIRST + SECOND));

    assertThat(VolarRun.of(api, "vms", "logs", "web-1", "-o", "json").out())
        .isEqualTo(FIRST + SECOND);
  }

  @Test
  void following_goes_on_after_a_break_with_the_next_line() {
    api.on("GET /api/v1/vms/web-1/logs?from=0&follow=true", ScriptedApi.cutAfter(FIRST));
    api.on("GET /api/v1/vms/web-1/logs?from=5&follow=true", ScriptedApi.stream(SECOND));

    VolarRun run = VolarRun.of(api, "vms", "logs", "web-1", "-f");

    assertThat(run).isEqualTo(new VolarRun(0, "héllo\n\u001b[2Jgone\n", ""));
    assertThat(api.requests()).hasSize(2);
  }

  @Test
  void a_vm_that_does_not_run_has_no_lines() {
    api.on(
        "GET /api/v1/vms/web-1/logs?from=0&follow=false",
        409,
        Samples.error("not_running", "start it first"));

    assertThat(VolarRun.of(api, "vms", "logs", "web-1"))
        .isEqualTo(new VolarRun(ExitCode.CONFLICT.number(), "", "volar: start it first\n"));
  }

  @Test
  void a_break_without_follow_is_an_error() {
    api.on("GET /api/v1/vms/web-1/logs?from=0&follow=false", ScriptedApi.cutAfter(FIRST));

    VolarRun run = VolarRun.of(api, "vms", "logs", "web-1");

    assertThat(run.exitCode()).isEqualTo(ExitCode.UNREACHABLE.number());
    assertThat(run.out()).isEqualTo("héllo\n");
  }
}
