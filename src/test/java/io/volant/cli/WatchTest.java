package io.volant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WatchTest {

  private static final String LIST = "GET /api/v1/vms";
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
  void it_is_shown_again_after_events_and_the_feed_s_end_is_the_commands() {
    api.on("GET /api/v1/events?types=vm", ScriptedApi.stream("id: 4\n\n" + event(5)));
    api.on("GET /api/v1/events?types=vm", ScriptedApi.cutAfter(event(6)));
    api.on("GET /api/v1/events?types=vm", 401, Samples.error("unauthorized", "the key is wrong"));
    api.on(LIST, 200, "[" + Samples.STARTING + "]");
    api.on(LIST, 200, "[" + Samples.RUNNING + "]");

    VolarRun run = VolarRun.of(api, "vms", "list", "--watch");

    assertThat(run.exitCode()).isEqualTo(ExitCode.DENIED.number());
    assertThat(run.out()).containsSubsequence("starting", "running").doesNotContain("\u001b");
    assertThat(run.err()).isEqualTo("volar: the key is wrong\n");
  }

  @Test
  void on_a_terminal_it_is_cleared_before() {
    api.on("GET /api/v1/events?types=deployment%2Cvm", ScriptedApi.cutAfter("id: 4\n\n"));
    api.on(
        "GET /api/v1/events?types=deployment%2Cvm",
        401, Samples.error("unauthorized", "the key is wrong"));
    api.on("GET /api/v1/deployments", 200, "[]");

    VolarRun run = VolarRun.plain(api, "deployments", "list", "-w");

    assertThat(run.out()).startsWith("\u001b[H\u001b[2JNAME");
  }

  private static String event(int id) {
    return Samples.frame(id, "vm.running", "web-1", "01.000", "running", "it runs");
  }
}
