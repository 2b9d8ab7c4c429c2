package io.volant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VmConfigCommandsTest {
  private static final String GET = "GET /api/v1/vms/web-1/config";
  private static final String PATCH = "PATCH /api/v1/vms/web-1/config";
  private static final String CONFIG =
      """
      {"version":3,"updated_at":"2026-11-23T14:00:00.000Z","running_version":2,
       "config":{"plugin":"hello","kernel_cmdline":"","resources":{"cpu_cores":1,"memory_mb":256},
        "env":{"A":"1"},
        "restart_policy":{"policy":"always","max_retries":0,"backoff_min_ms":1000,"backoff_max_ms":60000}}}
      """;
  private static final String CHANGED =
      """
      {"version":4,"updated_at":"2026-11-23T15:00:00.000Z","running_version":2,"config":{},
       "changes":[{"field":"resources.memory_mb","applies":"next_start"},
        {"field":"restart_policy","applies":"now"}]}
      """;

  private ScriptedApi api;
  @TempDir private Path folder;

  @BeforeEach
  void open() throws IOException {
    api = new ScriptedApi();
    api.on(GET, 200, CONFIG);
    api.on(PATCH, 200, CHANGED);
  }

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void a_config_is_shown_key_by_key() throws IOException {
    VolarRun run = VolarRun.of(api, "vms", "config", "get", "web-1");
    assertThat(run.exitCode()).isZero();
    Golden.matches("vms-config-get.txt", run.out());
    assertThat(VolarRun.of(api, "-o", "json", "vms", "config", "get", "web-1").out())
        .contains("\"running_version\"");
  }

  @Test
  void what_is_merged_by_the_daemon_is_sent_as_it_is() throws IOException {
    VolarRun run =
        VolarRun.of(
            api,
            "vms",
            "config",
            "set",
            "web-1",
            "resources.memory_mb=512",
            "restart_policy=always",
            "api.port=7777");
    assertThat(run.exitCode()).isZero();
    Golden.matches("vms-config-set.txt", run.out());
    assertThat(api.requests().getLast().body())
        .isEqualTo(
            "{\"resources\":{\"memory_mb\":512},\"restart_policy\":\"always\","
                + "\"api\":{\"port\":\"7777\"}}");
    assertThat(api.requests().getLast().headers()).doesNotContainKey("if-match");
  }

  @Test
  void a_variable_goes_beside_the_others_of_the_version_that_was_read() {
    VolarRun.of(api, "vms", "config", "set", "web-1", "env.B=x=y", "env.C=7");
    assertThat(api.lines()).containsExactly(GET, PATCH);
    assertThat(api.requests().getLast().body())
        .isEqualTo("{\"env\":{\"A\":\"1\",\"B\":\"x=y\",\"C\":\"7\"}}");
    assertThat(api.requests().getLast().headers()).containsEntry("if-match", "\"3\"");
  }

  @Test
  void a_file_is_sent_for_the_version_that_was_named() throws IOException {
    Path file = Files.writeString(folder.resolve("c.json"), "{\"env\":{}}");
    VolarRun run =
        VolarRun.of(
            api, "vms", "config", "set", "web-1", "--file", file.toString(), "--if-version", "2");
    assertThat(run.exitCode()).isZero();
    assertThat(api.requests().getLast().body()).isEqualTo("{\"env\":{}}");
    assertThat(api.requests().getLast().headers()).containsEntry("if-match", "\"2\"");
  }

  @Test
  void mistakes_are_one_line_each() {
    api.on(
        "PATCH /api/v1/vms/b/config",
        412,
        "{\"error\":\"the config has version 4, not 3\",\"code\":\"version_mismatch\",\"details\":[]}");
    assertFails(ExitCode.USAGE, "vms", "config", "set", "web-1");
    assertFails(ExitCode.USAGE, "vms", "config", "set", "web-1", "memory");
    assertFails(ExitCode.USAGE, "vms", "scale", "web-1");
    assertFails(ExitCode.USAGE, "vms", "scale", "web-1", "--restart");
    assertFails(ExitCode.USAGE, "vms", "scale", "web-1", "--cpu", "2", "--replicas", "2");
    assertFails(ExitCode.CONFLICT, "vms", "config", "set", "b", "runtime=x", "--if-version", "3");
  }

  @Test
  void the_history_tells_what_changed() throws IOException {
    api.on(
        "GET /api/v1/vms/web-1/config/history?limit=100&deleted=true",
        200,
        """
        [{"id":20,"version":2,"updated_at":"2026-11-23T14:00:00.000Z","by":"alice","config":{"a":1,"b":2}},
         {"id":1,"version":1,"updated_at":"2026-11-23T13:00:00.000Z","by":"bob","config":{"a":1}}]
        """);
    VolarRun run = VolarRun.of(api, "vms", "config", "history", "web-1", "--deleted");
    assertThat(run.exitCode()).isZero();
    Golden.matches("vms-config-history.txt", run.out());
  }

  @Test
  void scale_changes_the_size_and_restarts_where_it_shall() {
    VolarRun run = VolarRun.of(api, "vms", "scale", "web-1", "--cpu", "2", "--memory", "512");
    assertThat(run.exitCode()).isZero();
    assertThat(api.requests().getLast().body())
        .isEqualTo("{\"resources\":{\"cpu_cores\":2,\"memory_mb\":512}}");
    api.on("POST /api/v1/vms/web-1/restart", 200, Samples.STARTING);
    assertThat(
            VolarRun.of(api, "vms", "scale", "web-1", "--cpu", "2", "--restart", "--no-wait")
                .exitCode())
        .isZero();
    assertThat(api.lines()).endsWith(PATCH, "POST /api/v1/vms/web-1/restart");
  }

  @Test
  void a_restart_policy_is_sent_with_a_new_vm() {
    api.on("POST /api/v1/vms", 201, Samples.STARTING);
    VolarRun.of(
        api,
        "vms",
        "create",
        "web-1",
        "--plugin",
        "hello",
        "--restart-policy",
        "on-failure",
        "--no-wait");
    assertThat(api.requests().getLast().body())
        .contains("\"config\":{\"restart_policy\":\"on-failure\"}");
  }

  private void assertFails(ExitCode code, String... words) {
    VolarRun run = VolarRun.of(api, words);
    assertThat(run.exitCode()).as(String.join(" ", words)).isEqualTo(code.number());
    assertThat(run.err()).hasLineCount(1).startsWith("volar: ");
  }
}
