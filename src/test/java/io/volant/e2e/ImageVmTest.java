package io.volant.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
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
