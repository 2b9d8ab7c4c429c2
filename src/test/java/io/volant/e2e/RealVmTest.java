package io.volant.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * One real VM through everything that can happen to it. The tests go in order, since a boot takes
 * seconds here; each leaves the VM running for the next.
 */
@Tag("vm")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RealVmTest {

  private static final String VM = "/api/v1/vms/web";

  @TempDir private static Path home;
  private RealDaemon daemon;
  private EventTape tape;

  @BeforeAll
  void bootOne() throws Exception {
    daemon = new RealDaemon(home, 1, "");
    daemon.start();
    tape = new EventTape(daemon);
    String image = home.resolve("e2e.cpio.gz").toString();
    daemon.run("fledge", "build", "-c", "src/test/resources/e2e/fledge.toml", "-o", image);
    daemon.run("volar", "plugins", "install", home.resolve("e2e.manifest.json").toString());
    JsonNode vm =
        daemon.json(
            "POST",
            "/api/v1/vms?wait=healthy&timeout=120",
            "{\"name\": \"web\", \"plugin\": \"e2e\"}",
            201);
    assertThat(vm.get("health").asText()).as(vm.toPrettyString()).isEqualTo("healthy");
  }

  @AfterAll
  void leaveNothing() throws Exception {
    tape.close();
    try (RealDaemon ending = daemon) {
      ending.json("DELETE", VM, "", 204);
      assertThat(ending.leaks().none()).as(ending.leaks().toString()).isTrue();
    }
  }

  @Test
  @Order(1)
  void the_workload_answers_over_the_bridge_and_through_the_agent() throws Exception {
    assertThat(get(direct("/")).body()).contains("e2e");
    assertThat(daemon.call("GET", VM + "/agent/", "").body()).contains("e2e");
    assertThat(daemon.call("GET", VM + "/agent/v1/index.html", "").statusCode()).isEqualTo(200);
    assertThat(daemon.call("GET", VM + "/agent/missing", "").statusCode()).isEqualTo(404);
  }

  @Test
  @Order(2)
  void a_large_body_goes_through_the_agent_unchanged() throws Exception {
    String body = "0123456789abcdef".repeat(128 * 1024); // 2 MiB
    HttpRequest request =
        HttpRequest.newBuilder(daemon.uri(VM + "/agent/cgi-bin/echo"))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .header("Content-Type", "text/plain")
            .timeout(Duration.ofMinutes(1))
            .build();
    assertThat(daemon.client().send(request, BodyHandlers.ofString()).body()).isEqualTo(body);
  }

  @Test
  @Order(3)
  void the_timeline_has_every_step_in_order() throws Exception {
    JsonNode timeline = daemon.json("GET", VM + "/timeline", "", 200);
    List<String> steps = new ArrayList<>();
    timeline
        .get("steps")
        .forEach(step -> {
          if (step.get("source").asText().equals("host")) {
            steps.add(step.get("step").asText());
          }
        });
    assertThat(steps)
        .containsSubsequence(
            "created",
            "start_requested",
            "artifacts_ready",
            "disks_ready",
            "tap_up",
            "launched",
            "link_up",
            "workload_started",
            "healthy");
  }

  @Test
  @Order(3)
  void commands_run_in_the_guest_and_their_exit_codes_come_back() throws Exception {
    JsonNode ran =
        daemon.json(
            "POST",
            VM + "/exec",
            "{\"command\": [\"sh\", \"-c\", \"echo out; echo err >&2; exit 7\"]}",
            200);
    assertThat(ran.get("exit_code").asInt()).as(ran.toString()).isEqualTo(7);
    assertThat(ran.get("stdout").asText()).isEqualTo("out\n");
    assertThat(ran.get("stderr").asText()).isEqualTo("err\n");
    assertThat(daemon.run("volar", "exec", "web", "--", "cat", "/proc/1/comm")).contains("init");
    assertThat(daemon.run("volar", "exec", "-t", "web", "--", "tty")).contains("/dev/pts/");
  }

  @Test
  @Order(3)
  void a_tree_goes_into_the_guest_and_comes_back_as_it_was() throws Exception {
    Path tree = Files.createDirectories(home.resolve("tree/below"));
    Files.writeString(tree.resolve("script"), "#!/bin/sh\n");
    Files.setPosixFilePermissions(
        tree.resolve("script"), PosixFilePermissions.fromString("rwxr-x---"));
    Files.setAttribute(tree.resolve("script"), "unix:uid", 33);
    Files.createSymbolicLink(tree.resolve("link"), Path.of("script"));

    daemon.run("volar", "cp", home.resolve("tree").toString(), "web:/tmp/");
    Path back = Files.createDirectories(home.resolve("back"));
    daemon.run("volar", "cp", "web:/tmp/tree", back.toString());

    Path script = back.resolve("tree/below/script");
    assertThat(Files.readString(script)).isEqualTo("#!/bin/sh\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(script)))
        .isEqualTo("rwxr-x---");
    assertThat(Files.getAttribute(script, "unix:uid")).isEqualTo(33);
    assertThat(Files.readSymbolicLink(back.resolve("tree/below/link")))
        .isEqualTo(Path.of("script"));
  }

  @Test
  @Order(3)
  @SuppressWarnings("JdkObsolete") // one thread writes to the buffer, another reads
  void a_console_shows_what_was_printed_takes_keys_and_is_left() throws Exception {
    daemon.json("POST", VM + "/exec", exec("echo said-before > /dev/console"), 200);
    Process volar = daemon.onTerminal("volar", "console web");
    StringBuffer shown = new StringBuffer();
    Thread reader = Thread.ofVirtual().start(() -> read(volar, shown));
    within(Duration.ofSeconds(20)).until(() -> shown.indexOf("said-before") >= 0);
    assertThat(shown.toString()).contains("Connected to the console of 'web'");

    // The guest's terminal repeats what is typed; this one is silent.
    volar.getOutputStream().write("typed-here".getBytes(StandardCharsets.UTF_8));
    volar.getOutputStream().flush();
    within(Duration.ofSeconds(20)).until(() -> shown.indexOf("typed-here") >= 0);
    assertThat(daemon.refused("volar", "console", "web")).contains("another client types");

    volar.getOutputStream().write(0x1d);
    volar.getOutputStream().flush();
    assertThat(volar.waitFor(10, TimeUnit.SECONDS)).as("left").isTrue();
    assertThat(volar.exitValue()).isZero();
    reader.join(Duration.ofSeconds(10));
    assertThat(shown.toString()).containsOnlyOnce("typed-here");
  }

  private static void read(Process process, StringBuffer shown) {
    byte[] chunk = new byte[4096];
    try (InputStream in = process.getInputStream()) {
      for (int count = in.read(chunk); count > 0; count = in.read(chunk)) {
        shown.append(new String(chunk, 0, count, StandardCharsets.UTF_8));
      }
    } catch (IOException ended) {
      return;
    }
  }

  private static String exec(String script) {
    return "{\"command\": [\"sh\", \"-c\", \"" + script + "\"]}";
  }

  @Test
  @Order(4)
  void a_killed_daemon_leaves_the_vm_as_it_was() throws Exception {
    long pid = daemon.vm("web").get("pid").asLong();
    double uptime = uptime();
    daemon.kill();
    assertThat(get(direct("/")).statusCode()).isEqualTo(200);
    daemon.start();
    within(Duration.ofSeconds(5))
        .untilAsserted(
            () -> assertThat(daemon.vm("web").get("health").asText()).isEqualTo("healthy"));
    assertThat(daemon.vm("web").get("pid").asLong()).isEqualTo(pid);
    assertThat(uptime()).isGreaterThan(uptime);
  }

  @Test
  @Order(5)
  void a_workload_that_dies_is_started_again() throws Exception {
    daemon.call("GET", VM + "/agent/cgi-bin/die", "");
    within(Duration.ofSeconds(20))
        .untilAsserted(() ->
            assertThat(types()).containsSubsequence("vm.workload_exited", "vm.workload_started"));
    within(Duration.ofSeconds(20))
        .untilAsserted(
            () -> assertThat(daemon.vm("web").get("health").asText()).isEqualTo("healthy"));
  }

  @Test
  @Order(6)
  void a_guest_that_floods_its_log_hurts_nobody() throws Exception {
    HttpRequest follow = HttpRequest.newBuilder(daemon.uri("/api/v1/events/vms")).build();
    try (Stream<String> events = daemon.client().send(follow, BodyHandlers.ofLines()).body()) {
      daemon.call("GET", VM + "/agent/cgi-bin/flood", "");
      assertThat(
              events.anyMatch(line ->
                  line.startsWith("data: {\"type\":\"VM_LOG\",\"name\":\"web\"")
                      && line.endsWith("\"line\":\"a line that nobody needs\"}")))
          .isTrue();
    }
    assertThat(daemon.call("GET", "/healthz", "").statusCode()).isEqualTo(200);
    String logs = daemon.call("GET", VM + "/logs", "").body();
    assertThat(logs.length()).isBetween(1, 16 * 1024 * 1024);
    for (String line : logs.lines().toList()) {
      assertThat(RealDaemon.JSON.readTree(line).get("seq").isIntegralNumber()).isTrue();
    }
    Path folder = home.resolve("vms").resolve(daemon.vm("web").get("id").asText());
    assertThat(folder.resolve("console.log").toFile().length()).isBetween(1L, 16L << 20);
    within(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(get(direct("/")).statusCode()).isEqualTo(200));
  }

  @Test
  @Order(7)
  void a_killed_hypervisor_is_a_crash_within_a_second() throws Exception {
    // stopped and started first, so that it is this daemon's own child, whose signal is known
    daemon.json("POST", VM + "/restart?wait=healthy&timeout=120", "", 200);
    long pid = daemon.vm("web").get("pid").asLong();
    ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    within(Duration.ofSeconds(1))
        .pollInterval(Duration.ofMillis(20))
        .untilAsserted(
            () -> assertThat(daemon.vm("web").get("status").asText()).isEqualTo("crashed"));
    JsonNode exit = daemon.vm("web").get("exit");
    assertThat(exit.get("signal").asInt()).isEqualTo(9);
    assertThat(exit.get("console")).isNotEmpty();
    assertThat(daemon.leaks().taps()).isEmpty();
    assertThat(daemon.leaks().processes()).isEmpty();
    JsonNode again = daemon.json("POST", VM + "/start?wait=healthy&timeout=120", "", 200);
    assertThat(again.get("health").asText()).isEqualTo("healthy");
  }

  @Test
  @Order(8)
  void a_stopped_vm_holds_nothing_and_comes_back_with_its_address() throws Exception {
    String address = daemon.vm("web").get("ip_address").asText();
    JsonNode stopped = daemon.json("POST", VM + "/stop?wait=stopped&timeout=60", "", 200);
    assertThat(stopped.get("status").asText()).isEqualTo("stopped");
    assertThat(daemon.leaks().taps()).isEmpty();
    assertThat(daemon.leaks().processes()).isEmpty();
    JsonNode again = daemon.json("POST", VM + "/start?wait=healthy&timeout=120", "", 200);
    assertThat(again.get("ip_address").asText()).isEqualTo(address);
  }

  @Test
  @Order(9)
  void the_event_stream_missed_and_doubled_nothing_over_it_all() throws Exception {
    EventTape whole = new EventTape(daemon);
    try (whole) {
      within(Duration.ofSeconds(20))
          .untilAsserted(() -> {
            assertThat(whole.lines()).hasSizeGreaterThan(30);
            assertThat(tape.lines()).isEqualTo(whole.lines());
          });
    }
    assertThat(whole.lines()).doesNotHaveDuplicates();
  }

  private List<String> types() {
    return tape.lines().stream().map(line -> line.substring(line.indexOf(' ') + 1)).toList();
  }

  private double uptime() throws IOException, InterruptedException {
    return Double.parseDouble(daemon.call("GET", VM + "/agent/cgi-bin/uptime", "").body().strip());
  }

  private java.net.http.HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20)).build();
    return daemon.client().send(request, BodyHandlers.ofString());
  }

  private URI direct(String path) throws IOException, InterruptedException {
    return URI.create("http://10.233.1." + lastNumber() + ":8080" + path);
  }

  private String lastNumber = "";

  /** Looked up once, while the API is there: the address is also asked while it is not. */
  private String lastNumber() throws IOException, InterruptedException {
    if (lastNumber.isEmpty()) {
      String address = daemon.vm("web").get("ip_address").asText();
      lastNumber = address.substring(address.lastIndexOf('.') + 1);
    }
    return lastNumber;
  }

  private static ConditionFactory within(Duration limit) {
    return Awaitility.await().atMost(limit).pollInterval(Duration.ofMillis(100));
  }
}
