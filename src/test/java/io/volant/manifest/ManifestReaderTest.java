package io.volant.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestReaderTest {
  private final ManifestReader reader = new ManifestReader();

  @ParameterizedTest
  @ValueSource(strings = {"seed-initramfs.json", "seed-oci.json", "every-field.json"})
  void a_good_manifest_is_read_and_written_back_the_same(String name) {
    byte[] document = Manifests.bytes(name);
    PluginManifest manifest = valid(reader.read(document));
    assertThat(ManifestWriter.tree(manifest)).isEqualTo(Manifests.tree(document));
    assertThat(valid(reader.read(ManifestWriter.bytes(manifest)))).isEqualTo(manifest);
  }

  @Test
  void every_field_reaches_its_record() {
    PluginManifest manifest = valid(reader.read(Manifests.bytes("every-field.json")));
    assertThat(manifest.name()).isEqualTo("every.field-1");
    assertThat(manifest.runtime()).isEqualTo("jvm");
    assertThat(manifest.enabled()).isFalse();
    assertThat(manifest.resources()).isEqualTo(new Resources(4, 2048));
    assertThat(manifest.workload().env().keySet()).containsExactly("ZED", "ALPHA", "MIDDLE");
    assertThat(manifest.workload().port()).isEqualTo(9000);
    assertThat(manifest.workload().address()).isEqualTo("127.0.0.1");
    assertThat(manifest.bootMedium())
        .isEqualTo(
            new Rootfs(
                "https://example.org/images/app.img?x=1",
                "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789ABCDEF",
                ImageFormat.QCOW2,
                OverlayKind.DISK,
                "512M"));
    assertThat(manifest.workload().user()).isEqualTo("app:www-data");
    assertThat(manifest.disks().getFirst().writeProtected()).isTrue();
    assertThat(manifest.networkMode()).isEqualTo(NetworkMode.VSOCK);
    assertThat(manifest.actions().get("stats"))
        .isEqualTo(new Action(null, "GET", "/stats?all=1", null));
    assertThat(manifest.healthCheck()).isEqualTo(new HealthCheck("/healthz", 500));
    assertThat(manifest.allLabels())
        .isEqualTo(
            Map.of(
                "team",
                "blue",
                "a",
                "",
                "volant.plugin",
                "every.field-1",
                "volant.runtime",
                "jvm"));
  }

  @Test
  void what_is_absent_has_its_default() {
    JsonNode document =
        Manifests.changed(
            all -> all.retain(List.of("name", "version", "resources", "workload", "rootfs")));
    PluginManifest manifest = valid(reader.read(document));
    assertThat(manifest.runtime()).isEqualTo("every.field-1");
    assertThat(manifest.enabled()).isTrue();
    assertThat(manifest.networkMode()).isEqualTo(NetworkMode.BRIDGED);
    assertThat(manifest.disks()).isEmpty();
    assertThat(manifest.actions()).isEmpty();
    assertThat(manifest.healthCheck()).isNull();
    assertThat(ManifestWriter.tree(manifest)).isEqualTo(document);
  }

  @Test
  void an_empty_text_is_written_back_as_one() {
    JsonNode document = Manifests.changed(all -> all.put("image", "").put("image_digest", ""));
    assertThat(ManifestWriter.tree(valid(reader.read(document)))).isEqualTo(document);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/resources/cpu_cores | 0 | resources.cpu_cores: must be at least 1, was 0",
        "/resources/cpu_cores | 1025 | resources.cpu_cores: must be at most 1024, was 1025",
        "/resources/memory_mb | \"1G\" | resources.memory_mb: must be an integer, was \"1G\"",
        "/resources/memory_mb | 1.5 | resources.memory_mb: must be an integer, was 1.5",
        "/resources/memory_mb | 1e400 | resources.memory_mb: must be an integer, was",
        "/resources | null | resources: must be an object, was null",
        "/enabled | 1 | enabled: must be true or false, was 1",
        "/schema_version | \"2.0\" | schema_version: must be 1.0 or v1, was \"2.0\"",
        "/name | \"a/b\" | name: must be a name: 1 to 64 of a-z, 0-9 and . _ -",
        "/name | \"a b\" | name: must be a name",
        "/name | \"a\\n\" | name: must be a name",
        "/name | \"Upper\" | name: must be a name",
        "/name | \"-a\" | name: must be a name",
        "/name | \"\" | name: must be a name",
        "/runtime | \"..\" | runtime: must be a name",
        "/version | \"1/2\" | version: must be a version",
        "/speed | 3 | speed: is not a field of a manifest",
        "/a b | 3 | manifest[\"a b\"]: is not a field of a manifest",
        "/workload/port | 3 | workload.port: is not a field of a manifest",
        "/workload/type | \"tcp\" | workload.type: must be http, was \"tcp\"",
        "/workload/entrypoint | [] | workload.entrypoint: must have at least 1 entries",
        "/workload/entrypoint | \"sh\" | workload.entrypoint: must be an array, was \"sh\"",
        "/workload/entrypoint/1 | \"a\\u0000b\" | workload.entrypoint[1]: must be text without a"
            + " NUL",
        "/workload/entrypoint/0 | \"\" | workload.entrypoint[0]: must be the program to run, was"
            + " empty",
        "/workload/env/A=B | \"x\" | workload.env[\"A=B\"]: must have another name: a variable"
            + " name",
        "/workload/env/ZED | 5 | workload.env.ZED: must be a string, was 5",
        "/workload/workdir | \"srv\" | workload.workdir: must be an absolute path, was \"srv\"",
        "/workload/base_url | \"http://127.0.0.1\" | workload.base_url: must be an http:// URL"
            + " with",
        "/rootfs/overlay_size | \"50%\" | rootfs.overlay_size: must be a number with K, M, G or T",
        "/rootfs/overlay_size | \"1.5G\" | rootfs.overlay_size: must be a size",
        "/rootfs/overlay_size | \"101%\" | rootfs.overlay_size: must be a size",
        "/rootfs/overlay | \"tmpfs\" | rootfs.overlay: must be",
        "/workload/user | \"a b\" | workload.user: must be a user",
        "/workload/base_url | \"https://127.0.0.1:1\" | workload.base_url: must be an http:// URL"
            + " with",
        "/workload/base_url | \"http://127.0.0.1:0\" | workload.base_url: must have localhost or an"
            + " IPv4",
        "/workload/base_url | \"http://127.0.0.1:65536\" | workload.base_url: must have localhost",
        "/workload/base_url | \"http://127.0.0.256:80\" | workload.base_url: must have localhost",
        "/workload/base_url | \"http://127.0.0.1:80/%zz\" | workload.base_url: must have localhost",
        "/initramfs | {\"url\":\"/x\"} | manifest: must have exactly one of initramfs and rootfs",
        "/rootfs/url | \"rootfs.img\" | rootfs.url: must be an http:// or https:// URL, file://"
            + " with",
        "/rootfs/url | \"ftp://a/b\" | rootfs.url: must be an http:// or https:// URL",
        "/rootfs/url | \"file://host/x\" | rootfs.url: must be an http:// or https:// URL",
        "/rootfs/url | \"http://a/%zz\" | rootfs.url: is not a well-formed URL",
        "/rootfs/checksum | \"sha256:12\" | rootfs.checksum: must be a SHA-256 checksum",
        "/rootfs/checksum | \"md5:0\" | rootfs.checksum: must be a SHA-256 checksum",
        "/rootfs/format | \"vmdk\" | rootfs.format: must be raw or qcow2 or ext4",
        "/disks/1/name | \"data\" | disks[1].name: is used by an earlier disk too: data",
        "/disks/1/source | \"b.img\" | disks[1].source: must be an http:// or https:// URL",
        "/disks/1/size | 3 | disks[1].size: is not a field of a manifest",
        "/cloud_init/user_data/path | \"x\" | cloud_init.user_data: must have exactly one of"
            + " content and path",
        "/cloud_init/user_data | {} | cloud_init.user_data: must have exactly one of content and"
            + " path",
        "/cloud_init/datasource | \"Ec2\" | cloud_init.datasource: must be NoCloud",
        "/network/mode | \"nat\" | network.mode: must be bridged or vsock or dhcp, was \"nat\"",
        "/network/subnet | \"10.0.0.0\" | network.subnet: must be an IPv4 network",
        "/network/gateway | \"10.0.0.300\" | network.gateway: must be an IPv4 address",
        "/network/expose/0/port | 65536 | network.expose[0].port: must be at most 65535, was 65536",
        "/network/expose/1/protocol | \"tcp\" | network.expose[1].host_port: is used by an earlier"
            + " entry",
        "/devices/pci_passthrough/0 | \"1:0\" | devices.pci_passthrough[0]: must be a PCI address",
        "/devices/allowlist/0 | \"nvidia\" | devices.allowlist[0]: must be a vendor and a device",
        "/actions/a b | {\"method\":\"GET\",\"path\":\"/\"} | actions[\"a b\"]: must have another"
            + " name: an action name",
        "/actions/stats/method | \"FETCH\" | actions.stats.method: must be GET or POST",
        "/actions/stats/path | \"stats\" | actions.stats.path: must be a path that begins with /",
        "/actions/stats/timeout_ms | 0 | actions.stats.timeout_ms: must be at least 1, was 0",
        "/health_check/endpoint | \"\" | health_check.endpoint: must be a path that begins with /",
        "/health_check/timeout_ms | 5 | health_check.timeout_ms: must be at least 10, was 5",
        "/openapi | \"openapi.json\" | openapi: must be an http:// or https:// URL",
        "/labels/a | 1 | labels.a: must be a string, was 1",
      })
  void a_bad_value_is_refused_with_its_field_and_the_rule(
      String pointer, String value, String problem) {
    List<ManifestProblem> problems = invalid(reader.read(Manifests.with(pointer, value)));
    assertThat(problems).hasSize(1);
    assertThat(problems.getFirst().toString()).startsWith(problem);
  }

  @ParameterizedTest
  @ValueSource(strings = {"name", "version", "resources", "workload"})
  void a_missing_field_is_named(String field) {
    JsonNode document = Manifests.changed(all -> all.remove(field));
    assertThat(invalid(reader.read(document)))
        .containsExactly(new ManifestProblem(field, "is required"));
  }

  @Test
  void a_missing_boot_medium_is_refused() {
    JsonNode document = Manifests.changed(all -> all.remove("rootfs"));
    assertThat(invalid(reader.read(document)))
        .extracting(ManifestProblem::toString)
        .containsExactly("manifest: must have exactly one of initramfs and rootfs");
  }

  @Test
  void several_mistakes_are_told_at_once() {
    JsonNode document =
        Manifests.changed(all -> {
          all.withObject("/resources").put("cpu_cores", 0).put("memory_mb", -1);
          all.remove("version");
          all.put("colour", "red");
        });
    assertThat(invalid(reader.read(document)))
        .extracting(ManifestProblem::toString)
        .containsExactly(
            "colour: is not a field of a manifest",
            "resources.cpu_cores: must be at least 1, was 0",
            "resources.memory_mb: must be at least 1, was -1",
            "version: is required");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`` | must be a JSON object, was empty",
        "[] | must be a JSON object, was an array",
        "null | must be a JSON object, was null",
        "{\"name\": | is not valid JSON (line 1, column",
        "{\"name\":\"a\",\"name\":\"b\"} | is not valid JSON (line 1, column 19): Duplicate",
        "{\"name\":\"\\ud800\"} | must be text that UTF-8 can hold",
        "{} {} | is not valid JSON",
        "{\"a\":1e9999999999999999999999999999999999999999999999999999999999999999} | is not valid",
      })
  void what_is_not_one_json_object_is_refused(String document, String message) {
    List<ManifestProblem> problems =
        invalid(reader.read(document.getBytes(StandardCharsets.UTF_8)));
    assertThat(problems).hasSize(1);
    assertThat(problems.getFirst().toString()).startsWith("manifest: " + message);
  }

  @Test
  void every_pattern_of_the_schema_is_said_in_words_too() throws IOException {
    try (InputStream source = getClass().getResourceAsStream("/schemas/plugin-manifest-v1.json")) {
      JsonNode schema = Manifests.tree(Objects.requireNonNull(source).readAllBytes());
      assertThat(schema.findParents("pattern"))
          .hasSizeGreaterThan(10)
          .allSatisfy(part -> assertThat(part.path("description").asText()).isNotEmpty());
    }
  }

  @Test
  void a_document_over_one_mebibyte_is_refused_unread() {
    assertThat(invalid(reader.read(new byte[1024 * 1024 + 1])))
        .extracting(ManifestProblem::message)
        .containsExactly("must be at most 1048576 bytes, was 1048577");
  }

  @Test
  void a_document_that_is_nested_too_deeply_is_refused() {
    byte[] document = ("[".repeat(40) + "]".repeat(40)).getBytes(StandardCharsets.UTF_8);
    assertThat(invalid(reader.read(document)).getFirst().message()).contains("nesting depth");
  }

  @Test
  void the_number_of_problems_and_the_length_of_a_message_are_bounded() {
    JsonNode document =
        Manifests.changed(all -> {
          for (int i = 0; i < 200; i++) {
            all.put("field" + i, i);
          }
          all.put("name", "x".repeat(100_000));
        });
    List<ManifestProblem> problems = invalid(reader.read(document));
    assertThat(problems).hasSize(50);
    assertThat(problems).allSatisfy(it -> assertThat(it.toString()).hasSizeLessThan(400));
  }

  private static PluginManifest valid(ManifestResult result) {
    return switch (result) {
      case ManifestResult.Valid(var manifest) -> manifest;
      case ManifestResult.Invalid(var problems) -> throw new AssertionError(problems.toString());
    };
  }

  private static List<ManifestProblem> invalid(ManifestResult result) {
    return switch (result) {
      case ManifestResult.Valid(var manifest) -> throw new AssertionError("valid: " + manifest);
      case ManifestResult.Invalid(var problems) -> problems;
    };
  }
}
