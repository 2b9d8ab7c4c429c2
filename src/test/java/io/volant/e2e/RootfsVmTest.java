package io.volant.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Real VMs that boot root file systems which know nothing of us, with disks and a seed. */
@Tag("vm")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RootfsVmTest {

  private static final String ONE = "/api/v1/vms/one";
  private static final String TWO = "/api/v1/vms/two";

  @TempDir private static Path home;
  @TempDir private static Path images;
  private RealDaemon daemon;

  @BeforeAll
  void bootOne() throws Exception {
    daemon = new RealDaemon(home, 3, "-Dvolant.network.dns.0=10.9.9.9");
    daemon.start();
    Path tree = Files.createDirectory(images.resolve("tree"));
    RootfsImage.tree(tree);
    RootfsImage.squashfs(tree, images.resolve("root.squashfs"));
    RootfsImage.ext4(images.resolve("data.img"), "16M");
    RootfsImage.ext4(images.resolve("root.ext4"), "32M", "-d", tree.toString());
    RootfsImage.qcow2(images.resolve("root.ext4"), images.resolve("root.qcow2"));
    Files.writeString(images.resolve("user-data"), "#cloud-config\nfqdn: one.example\n");
    install("squash", "{\"url\": \"root.squashfs\", \"format\": \"squashfs\"}");
    create("one", "squash", "{}");
  }

  @AfterAll
  void leaveNothing() throws Exception {
    try (RealDaemon ending = daemon) {
      for (JsonNode vm : ending.json("GET", "/api/v1/vms", "", 200)) {
        ending.json("DELETE", "/api/v1/vms/" + vm.get("name").asText(), "", 204);
      }
      assertThat(ending.leaks().none()).as(ending.leaks().toString()).isTrue();
    }
  }

  @Test
  @Order(1)
  void the_root_is_the_image_under_an_overlay_and_disks_are_found_in_order() throws Exception {
    assertThat(ask(ONE, "mounts"))
        .contains("overlay / overlay rw")
        .contains(" /data ext4 rw")
        .contains("nameserver 10.9.9.9")
        .endsWith("one\n");
    assertThat(ask(ONE, "disks"))
        .contains("virtio-volant-root /dev/vda")
        .contains("virtio-data /dev/vdb")
        .contains("virtio-volant-seed /dev/vdc")
        .contains("virtio-volant-overlay /dev/vdd");
    assertThat(ask(ONE, "whoami")).isEqualTo("0\n0\n");
  }

  @Test
  @Order(2)
  void cloud_init_finds_the_manifests_documents_with_the_vms_name() throws Exception {
    assertThat(ask(ONE, "seed"))
        .contains("== user-data\n#cloud-config\nfqdn: one.example\n")
        .contains("== meta-data\ninstance-id: volant-" + id("one") + "\nlocal-hostname: one\n");
  }

  @Test
  @Order(3)
  void what_is_written_survives_a_stop_and_a_start() throws Exception {
    assertThat(daemon.call("POST", ONE + "/agent/cgi-bin/keep", "precious").body())
        .isEqualTo("kept\n");
    Path folder = home.resolve("vms").resolve(id("one"));
    daemon.json("POST", ONE + "/stop?wait=stopped&timeout=60", "", 200);
    assertThat(folder.toFile().list())
        .contains("volant-overlay.ext4", "data.qcow2", "console.log")
        .doesNotContain("initrd", "seed.vfat");
    daemon.json("POST", ONE + "/start?wait=healthy&timeout=120", "", 200);
    assertThat(ask(ONE, "kept")).isEqualTo("preciousprecious");
  }

  @Test
  @Order(3)
  void an_action_that_is_answered_too_late_is_a_gateway_timeout_and_harms_no_other()
      throws Exception {
    JsonNode late = daemon.json("POST", ONE + "/actions/squash/late", "\"word\"", 504);
    assertThat(late.get("code").asText()).isEqualTo("guest_timeout");
    assertThat(late.get("error").asText()).contains("VM 'one'", "1500 ms");
    assertThat(ask(ONE, "begun")).as("it has reached the workload").isEqualTo("\"word\"");
    assertThat(daemon.json("POST", "/api/v1/plugins/squash/actions/late", "{}", 504).get("code"))
        .isEqualTo(late.get("code"));
    assertThat(daemon.vm("one").get("health").asText()).isEqualTo("healthy");
  }

  @Test
  @Order(3)
  void a_websocket_goes_to_a_port_of_the_guest_and_both_ends_hear_of_its_end() throws Exception {
    Process serving =
        daemon.begin(
            "volar",
            "exec",
            "one",
            "--",
            "/bin/busybox",
            "nc",
            "-l",
            "-p",
            "9222",
            "-e",
            "/www/cgi-bin/socket");
    CompletableFuture<String> heard = new CompletableFuture<>();
    CompletableFuture<Integer> closed = new CompletableFuture<>();
    WebSocket.Listener listener =
        new WebSocket.Listener() {
          @Override
          public @Nullable CompletionStage<?> onText(
              WebSocket to, CharSequence text, boolean last) {
            heard.complete(text.toString());
            to.request(1);
            return null;
          }

          @Override
          public @Nullable CompletionStage<?> onClose(WebSocket to, int status, String reason) {
            closed.complete(status);
            return null;
          }
        };
    URI place =
        URI.create("ws" + daemon.uri("/ws/v1/vms/one/devtools/page/1").toString().substring(4));
    WebSocket socket =
        Awaitility.await("the guest listens")
            .atMost(Duration.ofSeconds(30))
            .ignoreExceptions()
            .until(
                () -> daemon.client().newWebSocketBuilder().buildAsync(place, listener).join(),
                Objects::nonNull);
    socket.sendText("x", true).join();
    assertThat(heard.get(20, TimeUnit.SECONDS)).isEqualTo("hello");
    assertThat(closed.get(20, TimeUnit.SECONDS)).isEqualTo(WebSocket.NORMAL_CLOSURE);
    assertThat(serving.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(serving.exitValue()).isZero();
    assertThat(daemon.run("volar", "exec", "one", "--", "cat", "/asked"))
        .contains("GET /devtools/page/1 HTTP/1.1", "Host: localhost:9222");
  }

  @Test
  @Order(4)
  void another_vm_of_the_same_image_sees_nothing_of_it() throws Exception {
    create("two", "squash", "{\"cloud_init\": {\"meta_data\": {\"content\": \"instance-id: x\"}}}");
    assertThat(ask(TWO, "kept")).contains("/kept").doesNotContain("precious");
    assertThat(ask(TWO, "seed"))
        .contains("fqdn: one.example")
        .contains("== meta-data\ninstance-id: x");
    daemon.json("DELETE", TWO, "", 204);
    assertThat(home.resolve("vms").toFile().list()).containsExactly(id("one"));
  }

  @Test
  @Order(5)
  void a_qcow2_image_gets_a_layer_of_the_vms_own() throws Exception {
    daemon.json("POST", ONE + "/stop?wait=stopped&timeout=60", "", 200);
    install("layered", "{\"url\": \"root.qcow2\", \"format\": \"qcow2\"}");
    create("three", "layered", "{}");
    String three = "/api/v1/vms/three";
    assertThat(ask(three, "mounts")).contains(" / ext4 rw");
    daemon.call("POST", three + "/agent/cgi-bin/keep", "layered");
    daemon.json("POST", three + "/restart?wait=healthy&timeout=120", "", 200);
    assertThat(ask(three, "kept")).isEqualTo("layeredlayered");
  }

  @Test
  @Order(6)
  void a_vm_without_our_agent_is_probed_over_the_bridge() throws Exception {
    RootfsImage.bareInitramfs(
        Files.createDirectory(images.resolve("bare")), images.resolve("bare.cpio"));
    String manifest =
        """
        {"name": "bare", "version": "1", "initramfs": {"url": "%s", "init_mode": "none"},
         "resources": {"cpu_cores": 1, "memory_mb": 128},
         "workload": {"type": "http", "base_url": "http://127.0.0.1:8080", "entrypoint": ["/init"]},
         "health_check": {"endpoint": "/index.html", "timeout_ms": 2000}}
        """
            .formatted(images.resolve("bare.cpio"));
    daemon.json("POST", "/api/v1/plugins", manifest, 201);
    create("four", "bare", "{}");
    assertThat(daemon.vm("four").get("status").asText()).isEqualTo("running");
  }

  /** Through the command line, which makes paths absolute and puts the user-data in. */
  private void install(String name, String rootfs) throws IOException, InterruptedException {
    String manifest =
        """
        {"schema_version": "1.0", "name": "%s", "version": "1", "rootfs": %s,
         "disks": [{"name": "data", "source": "data.img", "target": "/data"}],
         "cloud_init": {"user_data": {"path": "user-data"}},
         "resources": {"cpu_cores": 1, "memory_mb": 160},
         "workload": {"type": "http", "base_url": "http://127.0.0.1:8080", "user": "root",
                      "entrypoint": ["/bin/busybox", "httpd", "-f", "-p", "8080", "-h", "/www"]},
         "actions": {"late": {"method": "POST", "path": "/cgi-bin/late", "timeout_ms": 1500}},
         "health_check": {"endpoint": "/", "timeout_ms": 2000}}
        """
            .formatted(name, rootfs);
    Path file = Files.writeString(images.resolve(name + ".json"), manifest);
    daemon.run("volar", "plugins", "install", file.toString());
  }

  private void create(String name, String plugin, String config)
      throws IOException, InterruptedException {
    String body =
        "{\"name\": \"%s\", \"plugin\": \"%s\", \"config\": %s}".formatted(name, plugin, config);
    JsonNode vm = daemon.json("POST", "/api/v1/vms?wait=healthy&timeout=120", body, 201);
    assertThat(vm.get("health").asText()).as(vm.toPrettyString()).isEqualTo("healthy");
  }

  private String ask(String vm, String script) throws IOException, InterruptedException {
    return daemon.call("GET", vm + "/agent/cgi-bin/" + script, "").body();
  }

  private String id(String name) throws IOException, InterruptedException {
    return daemon.vm(name).get("id").asText();
  }
}
