package io.volant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.volant.cli.http.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginCommandsTest {
  private ScriptedApi api;
  @TempDir private Path folder;

  @BeforeEach
  void open() throws IOException {
    api = new ScriptedApi();
  }

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void install_makes_the_manifest_independent_of_its_folder() throws IOException {
    Files.writeString(folder.resolve("user-data"), "#cloud-config\n");
    Path manifest =
        Files.writeString(
            folder.resolve("m.json"),
            """
            {"name": "hello", "initramfs": {"url": "out/../hello.cpio.gz"}, "rootfs": {"url": "file:///srv/x"},
             "disks": [{"source": "/abs"}, {"source": "data.img"}], "openapi": "https://example.org/api",
             "cloud_init": {"user_data": {"path": "user-data"}, "meta_data": {"inline": true, "content": "a"}}}
            """);
    api.on("POST /api/v1/plugins", 201, Samples.MANIFEST);

    VolarRun run = VolarRun.of(api, "plugins", "install", manifest.toString());

    assertThat(run).isEqualTo(new VolarRun(0, "hello 0.1.0 is installed\n", ""));
    JsonNode sent = Json.parse(api.requests().getFirst().body());
    assertThat(sent.at("/initramfs/url").asText())
        .isEqualTo(folder.resolve("hello.cpio.gz").toString());
    assertThat(sent.at("/rootfs/url").asText()).isEqualTo("file:///srv/x");
    assertThat(sent.at("/disks/0/source").asText()).isEqualTo("/abs");
    assertThat(sent.at("/disks/1/source").asText())
        .isEqualTo(folder.resolve("data.img").toString());
    assertThat(sent.at("/openapi").asText()).isEqualTo("https://example.org/api");
    assertThat(sent.at("/cloud_init/user_data").toString())
        .isEqualTo("{\"inline\":true,\"content\":\"#cloud-config\\n\"}");
    assertThat(sent.at("/cloud_init/meta_data/content").asText()).isEqualTo("a");
  }

  @Test
  void install_can_replace() throws IOException {
    Path manifest = Files.writeString(folder.resolve("m.json"), Samples.MANIFEST);
    api.on("POST /api/v1/plugins?replace=true", 201, Samples.MANIFEST);

    assertThat(
            VolarRun.of(api, "plugins", "install", "--manifest", manifest.toString(), "--replace")
                .exitCode())
        .isZero();
  }

  @Test
  void install_fetches_a_manifest_and_resolves_it_against_its_url() throws IOException {
    api.on(
        "GET /files/m.json",
        200,
        "{\"name\": \"hello\", \"initramfs\": {\"url\": \"hello.cpio.gz\"}}");
    api.on("POST /api/v1/plugins", 201, Samples.MANIFEST);

    assertThat(
            VolarRun.of(api, "plugins", "install", "--url", api.url() + "/files/m.json").exitCode())
        .isZero();
    assertThat(VolarRun.of(api, "plugins", "install", api.url() + "/files/m.json").exitCode())
        .isZero();

    JsonNode sent = Json.parse(api.requests().getLast().body());
    assertThat(sent.at("/initramfs/url").asText()).isEqualTo(api.url() + "/files/hello.cpio.gz");
  }

  @Test
  void install_tells_what_is_wrong_with_the_source() throws IOException {
    Path manifest =
        Files.writeString(
            folder.resolve("m.json"), "{\"cloud_init\": {\"user_data\": {\"path\": \"no\"}}}");

    VolarRun noDocument = VolarRun.of(api, "plugins", "install", manifest.toString());
    VolarRun noUrl = VolarRun.of(api, "plugins", "install", api.url() + "/nothing");
    VolarRun noSource = VolarRun.of(api, "plugins", "install");

    assertThat(noDocument.exitCode()).isEqualTo(ExitCode.FILE.number());
    assertThat(noDocument.err()).hasLineCount(1).contains(folder.resolve("no") + ": no such file");
    assertThat(noUrl.err()).isEqualTo("volar: cannot fetch " + api.url() + "/nothing: HTTP 599\n");
    assertThat(noSource.exitCode()).isEqualTo(ExitCode.USAGE.number());
    assertThat(noSource.err()).hasLineCount(1);
  }

  @Test
  void list_says_which_are_enabled() throws IOException {
    api.on(
        "GET /api/v1/system/summary",
        200,
        """
        {"plugins": [{"name": "hello", "version": "0.1.0", "enabled": true},
                     {"name": "postgres", "version": "17", "enabled": false}]}
        """);
    api.on("GET /api/v1/plugins", 200, "{\"plugins\": [\"hello\", \"postgres\"]}");

    Golden.matches("plugins-list.txt", VolarRun.of(api, "plugins", "list").out());
    assertThat(VolarRun.of(api, "plugins", "list", "-o", "json").out())
        .isEqualTo("{\n  \"plugins\" : [ \"hello\", \"postgres\" ]\n}\n");
  }

  @Test
  void show_is_a_summary_of_the_manifest() throws IOException {
    api.on("GET /api/v1/plugins/hello", 200, Samples.MANIFEST);

    Golden.matches("plugins-show.txt", VolarRun.of(api, "plugins", "show", "hello").out());
    assertThat(VolarRun.of(api, "plugins", "show", "hello", "-o", "json").out())
        .contains("\"entrypoint\" : [");
  }

  @Test
  void remove_may_be_forced() {
    api.on("DELETE /api/v1/plugins/hello", 409, Samples.error("plugin_in_use", "2 VMs use it"));
    api.on("DELETE /api/v1/plugins/hello?force=true", 204, "");

    assertThat(VolarRun.of(api, "plugins", "remove", "hello"))
        .isEqualTo(new VolarRun(ExitCode.CONFLICT.number(), "", "volar: 2 VMs use it\n"));
    assertThat(VolarRun.of(api, "plugins", "rm", "hello", "--force"))
        .isEqualTo(new VolarRun(0, "hello is removed\n", ""));
  }

  @Test
  void enable_and_disable_set_what_they_say() {
    api.on("POST /api/v1/plugins/hello/enabled", 200, "{\"enabled\": true}");

    assertThat(VolarRun.of(api, "plugins", "enable", "hello").out())
        .isEqualTo("hello is enabled\n");
    assertThat(VolarRun.of(api, "plugins", "disable", "hello").out())
        .isEqualTo("hello is disabled\n");

    assertThat(api.requests())
        .extracting(ScriptedApi.Request::body)
        .containsExactly("{\"enabled\":true}", "{\"enabled\":false}");
  }
}
