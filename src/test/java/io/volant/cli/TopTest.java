package io.volant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TopTest {

  private static final String USAGE = "GET /api/v1/system/usage";
  private ScriptedApi api;

  @BeforeEach
  void open() throws IOException {
    api = new ScriptedApi();
    api.on(
        "GET /api/v1/system/status",
        200,
        "{\"status\": \"ok\", \"vm_count\": 5, \"cpu_percent\": 34.4, \"mem_percent\": 61}");
    api.on(USAGE, 200, usage("10.000", vm("idle", 10, 1_000, 500), vm("busy", 3, 0, 2_000_000)));
    api.on(
        USAGE,
        200,
        usage(
            "12.000",
            vm("idle", 10, 1_000, 500),
            vm("busy", 4.5, 400, 8_000_000),
            vm("new", 1, 7, 7)));
  }

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void the_busiest_comes_first_with_what_it_used_between_two_looks() throws IOException {
    VolarRun run = VolarRun.of(api, "top", "-d", "0.1");

    assertThat(run.exitCode()).as(run.err()).isZero();
    Golden.matches("top.txt", run.out());
  }

  @Test
  void numbers_look_the_same_whatever_language_the_shell_speaks() throws IOException {
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      Golden.matches("top.txt", VolarRun.of(api, "top", "-d", "0.1").out());
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void as_json_it_is_what_the_api_said() {
    VolarRun run = VolarRun.of(api, "top", "-o", "json");

    assertThat(run.out()).contains("\"cpu_seconds\" : 3", "\"at\" : \"2026-11-28T13:00:10.000Z\"");
    assertThat(api.lines()).containsExactly(USAGE);
  }

  @Test
  void it_looks_as_often_as_it_is_told() {
    VolarRun run = VolarRun.of(api, "top", "-d", "0.1", "-n", "3");

    assertThat(run.out().lines().filter(line -> line.startsWith("host:"))).hasSize(3);
  }

  @Test
  void wrong_numbers_are_refused() {
    assertThat(VolarRun.of(api, "top", "-d", "0").err())
        .isEqualTo("volar: --interval is from 0.1 to 3600 seconds\n");
    assertThat(VolarRun.of(api, "top", "-n", "0").exitCode()).isEqualTo(ExitCode.USAGE.number());
    assertThat(api.requests()).isEmpty();
  }

  private static String usage(String second, String... vms) {
    return "{\"at\": \"2026-11-28T13:00:%sZ\", \"vms\": [%s]}"
        .formatted(second, String.join(", ", vms));
  }

  private static String vm(String name, double cpuSeconds, long received, long sent) {
    return """
    {"name": "%s", "status": "running", "cpu_cores": 1, "memory_mb": 128, "cpu_seconds": %s,
     "resident_bytes": 91750400, "received_bytes": %d, "sent_bytes": %d}\
    """
        .formatted(name, cpuSeconds, received, sent);
  }
}
