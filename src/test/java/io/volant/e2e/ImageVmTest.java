package io.volant.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A real image, Debian's nginx, from a real registry to a microVM that serves its page: with each
 * kind of root file system.
 */
@Tag("vm")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ImageVmTest {

  private static final Pattern FORWARDING =
      Pattern.compile("Forwarding 127\\.0\\.0\\.1:([0-9]+) -> forwarded:80");

  @TempDir private static Path home;
  @TempDir private static Path images;
  private RealDaemon daemon;
  private LoopbackRegistry registry;

  @BeforeAll
  void serveTheImage() throws Exception {
    registry = new LoopbackRegistry(images);
    registry.pushNginx("nginx");
    daemon = new RealDaemon(home, 5, "");
    daemon.start();
  }

  @AfterAll
  void leaveNothing() throws Exception {
    registry.close();
    daemon.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"squashfs", "erofs", "ext4"})
  void nginx_keeps_what_it_wrote_and_no_other_vm_sees_it(String type) throws Exception {
    install("nginx-" + type, type);
    JsonNode first = create("first", "nginx-" + type);
    assertThat(get(first, "/").body()).contains("nginx in a microVM");
    assertThat(put(first, "/files/note", "kept").statusCode()).isEqualTo(201);

    daemon.json("POST", "/api/v1/vms/first/stop?wait=stopped&timeout=60", "", 200);
    JsonNode again =
        daemon.json("POST", "/api/v1/vms/first/start?wait=healthy&timeout=120", "", 200);
    assertThat(get(again, "/files/note").body()).isEqualTo("kept");

    JsonNode second = create("second", "nginx-" + type);
    assertThat(get(second, "/").statusCode()).isEqualTo(200);
    assertThat(get(second, "/files/note").statusCode()).isEqualTo(404);

    daemon.json("DELETE", "/api/v1/vms/first", "", 204);
    daemon.json("DELETE", "/api/v1/vms/second", "", 204);
    assertThat(daemon.leaks().none()).as(daemon.leaks().toString()).isTrue();
    try (var left = Files.list(home.resolve("vms"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void a_forwarded_port_leads_to_the_page_of_a_vm() throws Exception {
    install("nginx-forwarded", "squashfs");
    create("forwarded", "nginx-forwarded");
    Process volar = daemon.begin("volar", "port-forward", "forwarded", ":80");
    try (var said = volar.inputReader(StandardCharsets.UTF_8)) {
      Matcher ready = FORWARDING.matcher(String.valueOf(said.readLine()));
      assertThat(ready.matches()).as(ready.toString()).isTrue();
      int port = Integer.parseInt(ready.group(1));
      URI page = URI.create("http://127.0.0.1:" + port + "/");
      for (int i = 0; i < 3; i++) {
        assertThat(send(HttpRequest.newBuilder(page)).body()).contains("nginx in a microVM");
      }
      // A client that has said all it will still gets its answer.
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.UTF_8));
        socket.shutdownOutput();
        assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
            .startsWith("HTTP/1.1 200 OK")
            .contains("nginx in a microVM");
      }
      new ProcessBuilder("kill", "-INT", Long.toString(volar.pid())).start().waitFor();
      assertThat(volar.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(volar.exitValue()).isZero();
    } finally {
      volar.destroyForcibly();
    }
    daemon.json("DELETE", "/api/v1/vms/forwarded", "", 204);
  }

  private void install(String plugin, String type) throws Exception {
    Path folder = Files.createDirectories(images.resolve(plugin));
    Files.writeString(
        folder.resolve("fledge.toml"),
        """
        version = "1"
        strategy = "oci_rootfs"
        [source]
        image = "%s"
        [filesystem]
        type = "%s"
        """
            .formatted(registry.reference("nginx"), type));
    Files.writeString(
        folder.resolve("manifest.toml"),
        """
        [resources]
        cpu_cores = 1
        memory_mb = 256
        [health_check]
        endpoint = "/"
        timeout_ms = 5000
        """);
    daemon.run(
        "fledge", "build", "-c", folder.resolve("fledge.toml").toString(), "-o", folder + "/");
    daemon.run("volar", "plugins", "install", folder.resolve(plugin + ".manifest.json").toString());
  }

  private JsonNode create(String name, String plugin) throws Exception {
    JsonNode vm =
        daemon.json(
            "POST",
            "/api/v1/vms?wait=healthy&timeout=120",
            "{\"name\": \"%s\", \"plugin\": \"%s\"}".formatted(name, plugin),
            201);
    assertThat(vm.get("health").asText()).as(vm.toPrettyString()).isEqualTo("healthy");
    return vm;
  }

  private HttpResponse<String> get(JsonNode vm, String path)
      throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(address(vm, path)));
  }

  private HttpResponse<String> put(JsonNode vm, String path, String body)
      throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(address(vm, path)).PUT(BodyPublishers.ofString(body)));
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return daemon
        .client()
        .send(request.timeout(Duration.ofSeconds(20)).build(), BodyHandlers.ofString());
  }

  /** Over the bridge. */
  private static URI address(JsonNode vm, String path) {
    return URI.create("http://" + vm.get("ip_address").asText() + path);
  }
}
