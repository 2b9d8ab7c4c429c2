package io.volant.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The examples of fledge, built as a user would and booted for real. nginx has its own test. */
@Tag("vm")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExampleVmTest {

  private static final Path EXAMPLES = Path.of("fledge/examples");

  @TempDir private static Path home;
  @TempDir private static Path work;
  private RealDaemon daemon;

  @BeforeAll
  void start() throws Exception {
    copy(EXAMPLES, work.resolve("examples"));
    daemon = new RealDaemon(home, 6, "");
    daemon.start();
  }

  @AfterAll
  void leaveNothing() throws Exception {
    daemon.close();
    assertThat(daemon.leaks().none()).as(daemon.leaks().toString()).isTrue();
  }

  @Test
  void a_dockerfile_with_two_stages_a_target_and_arguments() throws Exception {
    Files.copy(Path.of("/bin/busybox"), work.resolve("examples/dockerfile/busybox"));
    JsonNode vm = boot("dockerfile", "from-dockerfile");
    assertThat(page(vm)).isEqualTo(Files.readString(EXAMPLES.resolve("dockerfile/www/index.html")));
    String manifest = daemon.call("GET", "/api/v1/plugins/from-dockerfile", "").body();
    assertThat(manifest).contains("hello from a Dockerfile").doesNotContain("never");
  }

  @Test
  void a_first_process_of_its_own() throws Exception {
    JsonNode vm = boot("custom-init", "custom-init");
    assertThat(page(vm))
        .isEqualTo(Files.readString(EXAMPLES.resolve("custom-init/www/index.html")));
  }

  @Test
  void nothing_but_what_is_mapped() throws Exception {
    JsonNode vm = boot("none-init", "none-init");
    assertThat(vm.get("status").asText()).isEqualTo("running");
    Path console = home.resolve("vms").resolve(vm.get("id").asText()).resolve("console.log");
    assertThat(Files.readString(console)).contains("none-init: up");
  }

  /** Builds an example, installs it, and boots a VM of it until it is healthy. */
  private JsonNode boot(String example, String plugin) throws Exception {
    String recipe = work.resolve("examples").resolve(example).resolve("fledge.toml").toString();
    daemon.run("fledge", "build", "-c", recipe, "-o", work + "/");
    daemon.run("volar", "plugins", "install", work.resolve(plugin + ".manifest.json").toString());
    JsonNode vm =
        daemon.json(
            "POST",
            "/api/v1/vms?wait=healthy&timeout=120",
            "{\"name\": \"%s\", \"plugin\": \"%s\"}".formatted(plugin, plugin),
            201);
    assertThat(vm.get("health").asText()).as(vm.toPrettyString()).isEqualTo("healthy");
    return vm;
  }

  /** Over the bridge, since not all of them have our agent. */
  private String page(JsonNode vm) throws IOException, InterruptedException {
    URI page = URI.create("http://" + vm.get("ip_address").asText() + ":8080/");
    HttpRequest request = HttpRequest.newBuilder(page).timeout(Duration.ofSeconds(20)).build();
    return daemon.client().send(request, BodyHandlers.ofString()).body();
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        // What a person put there to try an example is not part of it.
        if (!file.endsWith("busybox") && !file.toString().contains("nginx/image")) {
          Files.copy(file, to.resolve(from.relativize(file).toString()));
        }
      }
    }
  }
}
