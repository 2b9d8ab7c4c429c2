package io.volant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VmCreateTest {
  private static final String FEED = "GET /api/v1/events/vms?types=steps";
  private static final String POST = "POST /api/v1/vms?wait=healthy&timeout=60";

  private ScriptedApi api;
  @TempDir private Path folder;

  @BeforeEach
  void open() throws IOException {
    api = new ScriptedApi();
    api.on(FEED, ScriptedApi.stream("id: 1\n\n" + steps()));
  }

  @AfterEach
  void close() {
    api.close();
  }

  private static String steps() {
    return Samples.frame(2, "VM_CREATED", "web-1", "00.000", "starting", "")
        + Samples.frame(3, "vm.tap_up", "another", "00.001", "starting", "")
        + Samples.frame(4, "vm.tap_up", "web-1", "00.040", "starting", "tap vt7 is up")
        + Samples.frame(5, "vm.healthy", "web-1", "01.240", "running", "");
  }

  @Test
  void the_steps_are_shown_and_then_the_address() {
    api.on(POST, 201, Samples.HEALTHY, "X-Volant-Wait", "reached");

    VolarRun run = VolarRun.of(api, "vms", "create", "web-1", "--plugin", "hello");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).isEqualTo("web-1 is healthy at 192.168.127.10 after 1240 ms\n");
    assertThat(run.err())
        .isEqualTo(
            "      +0 ms  created\n     +40 ms  tap up  tap vt7 is up\n   +1240 ms  healthy\n");
    assertThat(api.lines()).startsWith(FEED, POST);
  }

  @Test
  void what_it_boots_and_has_goes_into_the_configuration_unless_the_file_says_it()
      throws IOException {
    api.on("POST /api/v1/vms", 201, Samples.STARTING);
    String[] machine = {
      "vms",
      "create",
      "web-1",
      "--plugin",
      "hello",
      "--no-wait",
      "--kernel",
      "volant",
      "--initramfs",
      "images/a.cpio.gz",
      "--initramfs-checksum",
      "sha256:00",
      "--restart-policy",
      "always",
      "--device",
      "0000:01:00.0",
      "--device-allowlist",
      "10de:*"
    };

    assertThat(VolarRun.of(api, machine).exitCode()).isZero();
    assertThat(api.requests().getLast().body())
        .contains(
            "\"kernel_override\":\"volant\",\"restart_policy\":\"always\"",
            "\"url\":\"" + Path.of("images/a.cpio.gz").toAbsolutePath() + "\"",
            "\"checksum\":\"sha256:00\"",
            "\"devices\":{\"pci_passthrough\":[\"0000:01:00.0\"],\"allowlist\":[\"10de:*\"]}");

    Path config =
        Files.writeString(
            folder.resolve("c.json"),
            "{\"rootfs\": {\"url\": \"disk.img\"}, \"restart_policy\": \"no\"}");
    List<String> withFile = new ArrayList<>(List.of(machine));
    withFile.addAll(List.of("--config", config.toString()));
    assertThat(VolarRun.of(api, withFile.toArray(String[]::new)).exitCode()).isZero();
    assertThat(api.requests().getLast().body())
        .contains("{\"url\":\"" + folder.resolve("disk.img") + "\"}", "\"restart_policy\":\"no\"")
        .doesNotContain("initramfs", "always");
  }

  @Test
  void a_checksum_of_nothing_is_a_usage_error() {
    VolarRun run =
        VolarRun.of(api, "vms", "create", "a", "--plugin", "b", "--initramfs-checksum", "00");

    assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE.number());
    assertThat(run.err())
        .isEqualTo("volar: --initramfs-checksum is of the file that --initramfs names\n");
  }

  @Test
  void the_request_has_what_was_given_and_nothing_else() throws IOException {
    Path config = Files.writeString(folder.resolve("c.json"), "{\"env\": {\"A\": \"b\"}}");
    api.on("POST /api/v1/vms", 201, Samples.STARTING);

    VolarRun run =
        VolarRun.of(
            api,
            "vms",
            "create",
            "web-1",
            "--plugin",
            "hello",
            "--runtime",
            "r",
            "--cpu",
            "2",
            "--memory",
            "256",
            "--kernel-cmdline",
            "quiet panic=1",
            "--config",
            config.toString(),
            "--api-host",
            "10.0.0.1",
            "--api-port",
            "7777",
            "--no-wait");

    assertThat(run).isEqualTo(new VolarRun(0, "web-1 is starting\n", ""));
    assertThat(api.requests().getFirst().headers())
        .containsEntry("content-type", "application/json");
    assertThat(api.requests().getFirst().body())
        .isEqualTo(
            """
            {"name":"web-1","plugin":"hello","runtime":"r","cpu_cores":2,"memory_mb":256,\
            "kernel_cmdline":"quiet panic=1","api_host":"10.0.0.1","api_port":"7777","config":{"env":{"A":"b"}}}\
            """);
  }

  @Test
  void the_plugin_may_come_from_the_configuration() throws IOException {
    Path config = Files.writeString(folder.resolve("c.json"), "{\"plugin\": \"hello\"}");
    api.on("POST /api/v1/vms", 201, Samples.STARTING);

    VolarRun.of(api, "vms", "create", "web-1", "--config", config.toString(), "--no-wait");

    assertThat(api.requests().getFirst().body())
        .isEqualTo("{\"name\":\"web-1\",\"config\":{\"plugin\":\"hello\"},\"plugin\":\"hello\"}");
  }

  @Test
  void a_crash_shows_the_reason_and_the_console_and_has_its_own_exit_code() {
    api.on(POST, 201, Samples.CRASHED.replace("web-2", "web-1"), "X-Volant-Wait", "failed");

    VolarRun run = VolarRun.of(api, "vms", "create", "web-1", "--plugin", "hello");

    assertThat(run.exitCode()).isEqualTo(ExitCode.VM_FAILED.number());
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .endsWith(
            """
            volar: VM 'web-1' crashed: the hypervisor was killed by signal 9
            The last lines on its console:
              Run /init as init process
              kestrel: workload started
            """);
  }

  @Test
  void a_timeout_says_how_far_the_vm_is() {
    api.on(
        "POST /api/v1/vms?wait=healthy&timeout=5",
        201,
        Samples.RUNNING,
        "X-Volant-Wait",
        "timeout");

    VolarRun run =
        VolarRun.of(api, "vms", "create", "web-1", "--plugin", "hello", "--timeout", "5");

    assertThat(run.exitCode()).isEqualTo(ExitCode.TIMEOUT.number());
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .endsWith(
            "volar: VM 'web-1' is not healthy after 5 s (status running, health unknown); it goes"
                + " on. Look at it with 'volar vms get web-1'.\n");
  }

  @Test
  void a_vm_without_a_health_check_is_done_when_it_runs() {
    api.on(POST, 201, Samples.RUNNING, "X-Volant-Wait", "reached");

    VolarRun run = VolarRun.of(api, "vms", "create", "web-1", "--plugin", "hello");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).isEqualTo("web-1 is running at 192.168.127.10 after 1240 ms\n");
  }

  @Test
  void without_a_feed_the_steps_come_from_the_timeline() throws IOException {
    try (ScriptedApi old = new ScriptedApi()) {
      old.on(FEED, 404, Samples.error("not_found", "no feed"));
      old.on("GET /api/v1/vms/web-1/timeline", 200, Samples.TIMELINE);
      old.on(POST, 201, Samples.HEALTHY, "X-Volant-Wait", "reached");

      VolarRun run = VolarRun.of(old, "vms", "create", "web-1", "--plugin", "hello");

      assertThat(run.exitCode()).isZero();
      assertThat(run.err())
          .contains("     +40 ms  tap up\n")
          .endsWith("   +1240 ms  healthy\n")
          .hasLineCount(5);
    }
  }

  @Test
  void json_output_is_the_vm_alone() {
    api.on(POST, 201, Samples.HEALTHY, "X-Volant-Wait", "reached");

    VolarRun run = VolarRun.of(api, "vms", "create", "web-1", "--plugin", "hello", "-o", "json");

    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .startsWith("{")
        .contains("\"ip_address\" : \"192.168.127.10\"")
        .endsWith("}\n");
    assertThat(api.lines()).containsExactly(POST);
  }

  @Test
  void a_daemon_that_restarts_meanwhile_is_asked_for_the_vm() {
    api.on(POST, ScriptedApi.cut());
    api.on("GET /api/v1/vms/web-1", ScriptedApi.cut());
    api.on("GET /api/v1/vms/web-1", 200, Samples.STARTING);
    api.on("GET /api/v1/vms/web-1", 200, Samples.HEALTHY);

    VolarRun run = VolarRun.of(api, "vms", "create", "web-1", "--plugin", "hello");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).startsWith("web-1 is healthy");
    List<String> keys =
        api.requests().stream()
            .filter(request -> request.line().equals(POST))
            .map(request -> request.headers().getOrDefault("idempotency-key", ""))
            .toList();
    assertThat(keys).as("asked again, and meant once").hasSize(4);
    assertThat(keys.stream().distinct()).hasSize(1);
  }

  @Test
  void a_create_that_never_arrived_is_not_found_afterwards() {
    api.on(POST, ScriptedApi.cut());
    api.on(
        "GET /api/v1/vms/web-1", 404, Samples.error("vm_not_found", "no VM has the name 'web-1'"));

    VolarRun run = VolarRun.of(api, "vms", "create", "web-1", "--plugin", "hello");

    assertThat(run.exitCode()).isEqualTo(ExitCode.NOT_FOUND.number());
  }

  @Test
  void a_taken_name_is_a_conflict_and_the_feed_does_not_disturb() {
    api.on(POST, 409, Samples.error("name_taken", "the name 'web-1' is taken"));

    VolarRun run = VolarRun.of(api, "vms", "create", "web-1", "--plugin", "hello");

    assertThat(run.exitCode()).isEqualTo(ExitCode.CONFLICT.number());
    assertThat(run.err()).endsWith("volar: the name 'web-1' is taken\n");
  }

  @Test
  void a_configuration_that_cannot_be_read_names_the_file() throws IOException {
    Path broken = Files.writeString(folder.resolve("broken.json"), "{\"env\": \n x}");
    Path list = Files.writeString(folder.resolve("list.json"), "[]");

    assertThat(create(folder.resolve("none.json")).err()).endsWith("none.json: no such file\n");
    assertThat(create(broken).err())
        .hasLineCount(1)
        .contains("broken.json is not JSON")
        .contains("line 2");
    assertThat(create(list).err()).contains("list.json must hold a JSON object");
    assertThat(create(list).exitCode()).isEqualTo(ExitCode.FILE.number());
  }

  private VolarRun create(Path config) {
    return VolarRun.of(api, "vms", "create", "web-1", "--config", config.toString(), "--no-wait");
  }

  @Test
  void start_and_restart_wait_for_health_too() {
    api.on(
        "POST /api/v1/vms/web-1/start?wait=healthy&timeout=60",
        200,
        Samples.HEALTHY,
        "X-Volant-Wait",
        "reached");
    api.on(
        "POST /api/v1/vms/web-1/restart?wait=healthy&timeout=9",
        200,
        Samples.HEALTHY,
        "X-Volant-Wait",
        "reached");

    assertThat(VolarRun.of(api, "vms", "start", "web-1").out()).startsWith("web-1 is healthy");
    assertThat(VolarRun.of(api, "vms", "restart", "web-1", "--timeout", "9").out())
        .startsWith("web-1 is healthy");
  }
}
