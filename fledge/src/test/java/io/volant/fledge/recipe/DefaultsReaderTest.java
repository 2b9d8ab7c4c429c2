package io.volant.fledge.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.volant.fledge.oci.ImageConfig;
import io.volant.fledge.report.BuildFailure;
import io.volant.manifest.BootChoice;
import io.volant.manifest.Expose;
import io.volant.manifest.Initramfs;
import io.volant.manifest.Lineage;
import io.volant.manifest.NetworkMode;
import io.volant.manifest.PluginManifest;
import io.volant.manifest.Protocol;
import io.volant.manifest.Resources;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DefaultsReaderTest {
  private static final String WORKLOAD =
      "[workload]\nentrypoint = \"/bin/app\"\nbase_url = \"http://127.0.0.1:80\"\n";

  private static final FirstProcess KESTREL = new FirstProcess.Kestrel(new AgentSource.Built());
  private static final ImageConfig IMAGE =
      new ImageConfig(
          List.of("/entry"),
          List.of("serve"),
          Map.of("PATH", "/bin", "A", "image"),
          "/srv",
          "101:101",
          List.of("53/udp", "80/tcp", "443/tcp"));

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
        "colour = 3 | manifest.toml:4:1: unknown key colour; known: $schema, actions, cloud_init,"
            + " devices, disks, enabled, env, health_check",
        "[resources]; cpu_cores = 0 | manifest.toml:5:1: cpu_cores must be at least 1, was 0",
        "[resources]; cpus = 1 | manifest.toml:5:1: unknown key cpus in [resources]; known:"
            + " cpu_cores, memory_mb",
        "[initramfs]; url = '/x' | manifest.toml:4:1: initramfs is set by the build",
        "[rootfs]; url = '/x' | manifest.toml:4:1: rootfs is set by the build",
        "image = 'x' | manifest.toml:4:1: image is set by the build",
        "[env]; A = 3 | manifest.toml:5:1: A must be a string",
        "[[network.expose]]; port = 80; [[network.expose]]; port = 0 | manifest.toml:7:1:"
            + " port must be at least 1, was 0",
        "[[network.expose]]; protocol = 'tcp' | manifest.toml:4:1: network.expose[0] needs port",
        "[[network.expose]]; port = 80; host_port = 80; [[network.expose]]; port = 81; host_port ="
            + " 80 | manifest.toml:9:1: network.expose[1].host_port: is used by an earlier entry",
        "[devices]; allowlist = ['10de:*', 'x'] | manifest.toml:5:24: allowlist[1] must be"
            + " a vendor and a device, such as 10de:* or 10de:2204, was x",
        "env = 3 | manifest.toml:4:1: env must be a table, written [env]",
        "workload.entrypoint = 3 | manifest.toml:4:1: workload.entrypoint previously",
        "workload.user = 'a b' | manifest.toml:4:1: user must be a user: a name or a number",
        "[actions.go]; method = 'GET' | manifest.toml:4:1: [actions.go] needs path",
        "[actions.'a b']; method = 'GET'; path = '/x' | manifest.toml:4:1: the name a b must be an"
            + " action name",
        "[health_check]; endpoint = 2026-01-01 | manifest.toml:5:1: endpoint must be a path",
        "x = | manifest.toml:4:4: Unexpected end of line",
      })
  void a_mistake_has_its_line_and_column(String more, String mistake) {
    String document =
        WORKLOAD.replace("[workload]\n", "workload.").replace("\nbase", "\nworkload.base") + "\n";
    List<Mistake> mistakes = refused(document + more.replace("; ", "\n") + "\n");
    assertThat(mistakes).hasSize(1);
    assertThat(mistakes.getFirst().toString()).startsWith(mistake);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "entrypoint = 3 | manifest.toml:2:1: entrypoint must be a string or a list",
        "entrypoint = [] | manifest.toml:2:1: entrypoint must have at least 1 entries",
        "entrypoint = '' | manifest.toml:2:1: entrypoint must have at least 1 characters",
        "entrypoint = ['a', 3] | manifest.toml:2:20: entrypoint[1] must be a string",
        "args = 'x' | manifest.toml:2:1: args must be a list",
        "base_url = 'http://127.0.0.1:99999' | manifest.toml:2:1: workload.base_url: must have"
            + " localhost or an IPv4 address and a port from 1 to 65535, was http://127.0.0.1:99999",
        "base_url = 'x' | manifest.toml:2:1: base_url must be an http:// URL with localhost or an"
            + " IPv4 address and a port, such as http://127.0.0.1:8080, was x",
      })
  void a_wrong_workload_has_its_place(String line, String mistake) {
    assertThat(refused("[workload]\n" + line + "\n"))
        .extracting(Mistake::toString)
        .containsExactly(mistake);
  }

  @Test
  void without_an_image_an_empty_file_lacks_the_program_and_its_address() {
    assertThat(defaults("").missingWithoutImage())
        .extracting(Mistake::toString)
        .containsExactly(
            "manifest.toml: entrypoint is missing; add entrypoint = [\"/PROGRAM\","
                + " \"ARGUMENT\"] to [workload]",
            "manifest.toml: base_url is missing; add base_url = \"http://127.0.0.1:PORT\" to"
                + " [workload]");
    assertThat(defaults(WORKLOAD).missingWithoutImage()).isEmpty();
  }

  @Test
  void a_first_process_of_the_users_own_is_the_program() {
    Defaults own = defaults("").startedBy(new FirstProcess.Custom(Path.of("/x")));
    assertThat(own.missingWithoutImage()).hasSize(1);
    assertThat(manifest(own, IMAGE).workload().entrypoint()).containsExactly("/init");
    assertThat(manifest(defaults("").startedBy(KESTREL), IMAGE).workload().entrypoint())
        .containsExactly("/entry", "serve");
  }

  @Test
  void the_image_says_what_the_file_does_not() {
    PluginManifest manifest = manifest(defaults(""), IMAGE);
    assertThat(manifest.workload().entrypoint()).containsExactly("/entry", "serve");
    assertThat(manifest.workload().baseUrl()).isEqualTo("http://127.0.0.1:80");
    assertThat(manifest.workload().env()).isEqualTo(Map.of("PATH", "/bin", "A", "image"));
    assertThat(manifest.workload().workdir()).isEqualTo("/srv");
    assertThat(manifest.workload().user()).isEqualTo("101:101");
    assertThat(Objects.requireNonNull(manifest.network()).expose())
        .containsExactly(new Expose(80, Protocol.TCP, null));
  }

  @Test
  void the_file_says_otherwise_than_the_image() {
    PluginManifest manifest =
        manifest(
            defaults(
                """
                env = {A = 'file'}
                [workload]
                args = ['other']
                workdir = '/w'
                user = 'me'
                [[network.expose]]
                port = 8080
                """),
            IMAGE);
    assertThat(manifest.workload().entrypoint()).containsExactly("/entry", "other");
    assertThat(manifest.workload().baseUrl()).isEqualTo("http://127.0.0.1:8080");
    assertThat(manifest.workload().env()).isEqualTo(Map.of("PATH", "/bin", "A", "file"));
    assertThat(manifest.workload().workdir()).isEqualTo("/w");
    assertThat(manifest.workload().user()).isEqualTo("me");
    assertThat(Objects.requireNonNull(manifest.network()).expose())
        .containsExactly(new Expose(8080, null, null));
    assertThat(manifest(defaults(WORKLOAD), IMAGE).workload().entrypoint())
        .containsExactly("/bin/app");
  }

  @Test
  void what_neither_says_is_one_clear_line_each() {
    BootChoice boot = BootChoice.of(new Initramfs("/x", null, null));
    assertThatExceptionOfType(BuildFailure.class)
        .isThrownBy(() -> defaults("").manifest(ImageConfig.NONE, boot, Lineage.NONE))
        .satisfies(failure ->
            assertThat(failure.lines())
                .containsExactly(
                    "entrypoint is missing: the image has no Entrypoint and no Cmd; add entrypoint"
                        + " = [\"/PROGRAM\", \"ARGUMENT\"] to [workload] in manifest.toml",
                    "base_url is missing: the image exposes no port; add base_url ="
                        + " \"http://127.0.0.1:PORT\" to [workload] in manifest.toml"));
  }

  @Test
  void an_image_that_says_something_odd_is_refused() {
    ImageConfig odd =
        new ImageConfig(
            List.of("x"), List.of(), Map.of(), "relative", null, List.of("70000/tcp", "80"));
    BootChoice boot = BootChoice.of(new Initramfs("/x", null, null));
    assertThatExceptionOfType(BuildFailure.class)
        .isThrownBy(() -> defaults("").manifest(odd, boot, Lineage.NONE))
        .withMessage(
            "workload.workdir: must be an absolute path, was \"relative\"; the image says so, say"
                + " otherwise in manifest.toml");
  }

  @ParameterizedTest
  @CsvSource({"My App, my-app", "_x_, x", "a.b, a.b", "Größe, gr--e"})
  void the_folder_names_a_plugin_without_a_name(String folder, String name) {
    var result = DefaultsReader.read("m", WORKLOAD.getBytes(StandardCharsets.UTF_8), folder);
    assertThat(result).isInstanceOf(DefaultsResult.Good.class);
    assertThat(((DefaultsResult.Good) result).defaults().name()).isEqualTo(name);
  }

  private static Defaults defaults(String document) {
    return switch (read(document)) {
      case DefaultsResult.Good(var defaults) -> defaults;
      case DefaultsResult.Refused(var mistakes) -> throw new AssertionError(mistakes.toString());
    };
  }

  private static PluginManifest manifest(Defaults defaults, ImageConfig image) {
    try {
      BootChoice boot = BootChoice.of(new Initramfs("/x", null, null));
      return defaults.manifest(image, boot, Lineage.NONE);
    } catch (BuildFailure failure) {
      throw new AssertionError(failure);
    }
  }

  private static PluginManifest good(String document) {
    return switch (read(document)) {
      case DefaultsResult.Good(var defaults) -> manifest(defaults, ImageConfig.NONE);
      case DefaultsResult.Refused(var mistakes) -> throw new AssertionError(mistakes.toString());
    };
  }

  private static List<Mistake> refused(String document) {
    return switch (read(document)) {
      case DefaultsResult.Good(var defaults) ->
          throw new AssertionError("good: " + defaults.name());
      case DefaultsResult.Refused(var mistakes) -> mistakes;
    };
  }

  private static DefaultsResult read(String document) {
    return DefaultsReader.read(
        "manifest.toml", document.getBytes(StandardCharsets.UTF_8), "My App");
  }
}
