package io.volant.fledge;

import static org.assertj.core.api.Assertions.assertThat;

import io.volant.manifest.NetworkMode;
import io.volant.manifest.PluginManifest;
import io.volant.manifest.Resources;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DefaultsReaderTest {
  private static final String WORKLOAD =
      "[workload]\nentrypoint = \"/bin/app\"\nbase_url = \"http://127.0.0.1:80\"\n";

  @Test
  void what_is_absent_has_its_default() {
    PluginManifest manifest = good(WORKLOAD);
    assertThat(manifest.name()).isEqualTo("my-app");
    assertThat(manifest.runtime()).isEqualTo("my-app");
    assertThat(manifest.version()).isEqualTo("0.1.0");
    assertThat(manifest.resources()).isEqualTo(new Resources(1, 256));
    assertThat(manifest.workload().entrypoint()).containsExactly("/bin/app");
    assertThat(manifest.workload().type()).isEqualTo("http");
  }

  @Test
  void arguments_follow_the_entrypoint_and_variables_may_stand_apart() {
    PluginManifest manifest =
        good(
            """
            [workload]
            entrypoint = ['/bin/app', '-x']
            args = ['-y', 'a b']
            base_url = 'http://127.0.0.1:80'
            [env]
            B = '2'
            A = '1'
            """);
    assertThat(manifest.workload().entrypoint()).containsExactly("/bin/app", "-x", "-y", "a b");
    assertThat(manifest.workload().env()).isEqualTo(Map.of("B", "2", "A", "1"));
  }

  @Test
  void an_exposed_port_is_where_the_program_answers() {
    PluginManifest manifest =
        good(
            """
            [workload]
            entrypoint = 'x'
            [network]
            mode = 'dhcp'
            [[network.expose]]
            port = 53
            protocol = 'udp'
            [[network.expose]]
            port = 8080
            """);
    assertThat(manifest.workload().baseUrl()).isEqualTo("http://127.0.0.1:8080");
    assertThat(manifest.networkMode()).isEqualTo(NetworkMode.DHCP);
  }

  @Test
  void the_other_tables_are_those_of_the_manifest() {
    PluginManifest manifest =
        good(
            WORKLOAD
                + "[actions.reload]\n"
                + "method = 'POST'\n"
                + "path = '/r'\n"
                + "[health_check]\n"
                + "endpoint = '/h'\n"
                + "[devices]\n"
                + "allowlist = ['10de:*']\n"
                + "[cloud_init]\n"
                + "user_data = {content = 'x'}\n");
    assertThat(manifest.actions()).containsOnlyKeys("reload");
    assertThat(manifest.healthCheck()).isNotNull();
    assertThat(manifest.devices()).isNotNull();
    assertThat(manifest.cloudInit()).isNotNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "colour = 3 | manifest.toml:4:1: colour: is not a field of a manifest",
        "[resources]; cpu_cores = 0 | manifest.toml:5:1: resources.cpu_cores: must be at least 1,"
            + " was 0",
        "[initramfs]; url = '/x' | manifest.toml:4:1: initramfs is set by the build",
        "[rootfs]; url = '/x' | manifest.toml:4:1: rootfs is set by the build",
        "[env]; A = 3 | manifest.toml:5:1: workload.env.A: must be a string, was 3",
        "[[network.expose]]; port = 80; [[network.expose]]; port = 0 | manifest.toml:7:1:"
            + " network.expose[1].port: must be at",
        "[devices]; allowlist = ['10de:*', 'x'] | manifest.toml:5:24: devices.allowlist[1]: must be"
            + " a vendor",
        "env = 3 | manifest.toml:4:1: env: is not a field of a manifest",
        "[actions.go]; method = 'GET' | manifest.toml:4:1: actions.go.path: is required",
        "[health_check]; endpoint = 2026-01-01 | manifest.toml:5:1: health_check.endpoint: must be"
            + " a path",
        "x = | manifest.toml:4:4: Unexpected end of line",
      })
  void a_mistake_has_its_line_and_column(String more, String mistake) {
    String document =
        WORKLOAD.replace("[workload]\n", "workload.").replace("\nbase", "\nworkload.base") + "\n";
    List<Mistake> mistakes = refused(document + more.replace("; ", "\n") + "\n");
    assertThat(mistakes).hasSize(1);
    assertThat(mistakes.getFirst().toString()).startsWith(mistake);
  }

  @Test
  void an_empty_file_lacks_the_program_and_its_address() {
    assertThat(refused(""))
        .extracting(Mistake::toString)
        .containsExactly(
            "manifest.toml: workload.base_url: is required",
            "manifest.toml: workload.entrypoint: is required");
  }

  @ParameterizedTest
  @CsvSource({"My App, my-app", "_x_, x", "a.b, a.b", "Größe, gr--e"})
  void the_folder_names_a_plugin_without_a_name(String folder, String name) {
    var result = DefaultsReader.read("m", WORKLOAD.getBytes(StandardCharsets.UTF_8), folder);
    assertThat(result).isInstanceOf(DefaultsResult.Good.class);
    assertThat(((DefaultsResult.Good) result).manifest().name()).isEqualTo(name);
  }

  private static PluginManifest good(String document) {
    return switch (read(document)) {
      case DefaultsResult.Good(var manifest) -> manifest;
      case DefaultsResult.Refused(var mistakes) -> throw new AssertionError(mistakes.toString());
    };
  }

  private static List<Mistake> refused(String document) {
    return switch (read(document)) {
      case DefaultsResult.Good(var manifest) -> throw new AssertionError("good: " + manifest);
      case DefaultsResult.Refused(var mistakes) -> mistakes;
    };
  }

  private static DefaultsResult read(String document) {
    return DefaultsReader.read(
        "manifest.toml", document.getBytes(StandardCharsets.UTF_8), "My App");
  }
}
