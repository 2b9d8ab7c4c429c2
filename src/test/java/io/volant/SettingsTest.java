package io.volant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.volant.adapter.qemu.Accelerator;
import io.volant.adapter.simulated.SimulatedBehaviour;
import io.volant.api.ApiSettings;
import io.volant.deployment.DeploymentSettings;
import io.volant.network.NetworkSpec;
import io.volant.vm.VmSettings;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What volantd does when nobody says anything else, and what it says to what it cannot take. */
class SettingsTest {

  private static Settings with(String text) {
    return Settings.of(EngineConfig.layered(Map.of(), ConfigFactory.parseString(text)), "1.2.3");
  }

  private static Settings withEnvironment(Map<String, String> environment) {
    return Settings.of(EngineConfig.layered(environment, ConfigFactory.empty()), "1.2.3");
  }

  @Test
  void every_default_is_what_the_documentation_says() {
    Settings settings = with("volant.home = /v");
    assertThat(settings.home()).isEqualTo(Path.of("/v"));
    assertThat(settings.hostNumber()).isZero();
    assertThat(settings.kernel()).isNull();
    assertThat(settings.artifactBytesMax()).isEqualTo(16L << 30);
    assertThat(settings.network())
        .isEqualTo(new NetworkSpec("default", "vbr0", "192.168.127.0/24", "192.168.127.1"));
    assertThat(settings.vm()).isEqualTo(new VmSettings(120_000, 10_000, 5_000, 1_000, 60_000));
    assertThat(settings.deployments())
        .isEqualTo(new DeploymentSettings(4, 1, 180_000, 3, 1_000, 300_000, 60_000));
    assertThat(settings.hypervisor())
        .isEqualTo(
            new Settings.HypervisorChoice(
                Settings.Driver.AUTO,
                "qemu-system-x86_64",
                Accelerator.AUTO,
                SimulatedBehaviour.instant()));
    assertThat(settings.api().listen()).isEqualTo(new ApiSettings.Listen("127.0.0.1", 7777, null));
    assertThat(settings.api().access())
        .isEqualTo(new ApiSettings.Access(null, List.of(), List.of()));
    assertThat(settings.api().limits()).isEqualTo(new ApiSettings.Limits(1L << 20, 4096));
    assertThat(settings.api().patience().ask()).isEqualTo(Duration.ofSeconds(30));
    assertThat(settings.api().patience().heartbeat()).isEqualTo(Duration.ofSeconds(15));
    assertThat(settings.api().identity().version()).isEqualTo("1.2.3");
    assertThat(settings.api().identity().hostIp()).isEqualTo("192.168.127.1");
  }

  @Test
  void the_operators_file_of_the_distribution_changes_no_default() {
    Settings shipped =
        Settings.of(
            EngineConfig.layered(
                Map.of(), ConfigFactory.parseFile(new File("config/application.conf"))),
            "1.2.3");
    assertThat(shipped).isEqualTo(with(""));
  }

  @Test
  void the_originals_variables_win_over_the_file() {
    Settings settings =
        Settings.of(
            EngineConfig.layered(
                Map.of(
                    "VOLANT_HOME", "/from/environment",
                    "VOLANT_API_LISTEN", "127.0.0.2:8000",
                    "VOLANT_BRIDGE", "br7",
                    "VOLANT_SUBNET", "10.7.0.0/16",
                    "VOLANT_HOST_IP", "10.7.0.1",
                    "VOLANT_API_KEY", "secret",
                    "VOLANT_API_ALLOW_CIDR", "10.0.0.0/8, 127.0.0.1",
                    "VOLANT_CORS_ORIGINS", "https://ui.example",
                    "VOLANT_KERNEL_BZIMAGE", "/boot/vmlinuz"),
                ConfigFactory.parseString("volant.home = /from/file")),
            "1.2.3");
    assertThat(settings.home()).isEqualTo(Path.of("/from/environment"));
    assertThat(settings.api().listen().port()).isEqualTo(8000);
    assertThat(settings.network())
        .isEqualTo(new NetworkSpec("default", "br7", "10.7.0.0/16", "10.7.0.1"));
    assertThat(settings.api().access())
        .isEqualTo(
            new ApiSettings.Access(
                "secret", List.of("10.0.0.0/8", "127.0.0.1"), List.of("https://ui.example")));
    assertThat(settings.kernel()).isEqualTo("/boot/vmlinuz");
  }

  @Test
  void the_older_name_of_the_home_counts_when_the_newer_is_not_there() {
    assertThat(withEnvironment(Map.of("VOLANT_RUNTIME_DIR", "/old")).home())
        .isEqualTo(Path.of("/old"));
    assertThat(withEnvironment(Map.of("VOLANT_RUNTIME_DIR", "/old", "VOLANT_HOME", "/new")).home())
        .isEqualTo(Path.of("/new"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "volant.api.listen = nonsense       | volant.api.listen = \"nonsense\"",
        "volant.api.listen = \"127.0.0.1:70000\" | 65535",
        "volant.network.subnet = 10.0.0.1/8 | not a network: write 10.0.0.0/8",
        "volant.network.host-ip = 10.0.0.1  | 10.0.0.1 is not in 192.168.127.0/24",
        "volant.network.bridge = a-name-that-is-too-long | at most 15 characters",
        "volant.hypervisor.driver = xen     | one of auto, qemu, simulated",
        "volant.vm.stop-timeout = 2 h       | from 0 s to 3600 s",
        "volant.vm.stop-timeout = soon      | such as 5 s",
        "volant.host.number = -1            | a whole number from 0 to 2097151",
        "volant.artifacts.size-max = 1      | such as 4 MiB",
      })
  void a_bad_value_is_one_line_that_names_the_key_and_what_is_allowed(
      String text, String expected) {
    assertThatThrownBy(() -> with(text))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining(expected)
        .hasMessageStartingWith(text.substring(0, text.indexOf(' ')))
        .message()
        .hasLineCount(1);
  }

  @Test
  void an_address_that_others_reach_needs_a_key_or_an_explicit_word() {
    assertThatThrownBy(() -> with("volant.api.listen = \"0.0.0.0:7777\""))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("volant.api.key");
    assertThat(with("volant.api { listen = \"0.0.0.0:7777\", key = k }").api().access().apiKey())
        .isEqualTo("k");
    assertThat(
            with("volant.api { listen = \"0.0.0.0:7777\", allow-remote-without-key = true }")
                .api()
                .listen()
                .host())
        .isEqualTo("0.0.0.0");
  }
}
