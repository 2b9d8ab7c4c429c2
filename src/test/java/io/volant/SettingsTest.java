package io.volant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.volant.adapter.qemu.Accelerator;
import io.volant.adapter.simulated.SimulatedBehaviour;
import io.volant.api.ApiKey;
import io.volant.api.ApiSettings;
import io.volant.api.Role;
import io.volant.deployment.DeploymentSettings;
import io.volant.network.NetworkSpec;
import io.volant.vm.VmSettings;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
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
    VmSettings.ForGuests guests = new VmSettings.ForGuests(HostResolvers.ofHost(), 4L << 30);
    assertThat(settings.vm())
        .isEqualTo(new VmSettings(120_000, 10_000, 5_000, 1_000, 60_000, guests));
    assertThat(settings.deployments())
        .isEqualTo(new DeploymentSettings(4, 1, 180_000, 3, 1_000, 300_000, 60_000));
    assertThat(settings.agent()).isAbsolute().hasFileName("kestrel");
    assertThat(settings.hypervisor())
        .isEqualTo(
            new Settings.HypervisorChoice(
                Settings.Driver.AUTO,
                "qemu-system-x86_64",
                Accelerator.AUTO,
                SimulatedBehaviour.instant()));
    assertThat(settings.api().listen()).isEqualTo(new ApiSettings.Listen("127.0.0.1", 7777, null));
    assertThat(settings.api().access())
        .isEqualTo(new ApiSettings.Access(List.of(), List.of(), List.of()));
    assertThat(settings.api().limits())
        .isEqualTo(
            new ApiSettings.Limits(
                1L << 20,
                4096,
                new ApiSettings.Head(64, 8192),
                new ApiSettings.Rate(2_000, 10_000),
                256));
    assertThat(settings.api().doors())
        .isEqualTo(
            new ApiSettings.Doors(
                null, new ApiSettings.LocalSocket(Path.of("/v/volantd.sock"), null)));
    assertThat(settings.api().patience().ask()).isEqualTo(Duration.ofSeconds(30));
    assertThat(settings.api().patience().heartbeat()).isEqualTo(Duration.ofSeconds(15));
    assertThat(settings.api().patience().slowClient()).isEqualTo(Duration.ofSeconds(30));
    assertThat(settings.api().patience().accepted()).isEqualTo(Duration.ofSeconds(5));
    assertThat(settings.api().patience().head()).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.api().patience().keepAlive()).isEqualTo(Duration.ofSeconds(75));
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
                List.of(ApiKey.of("api-key", Role.ADMIN, "secret")),
                List.of("10.0.0.0/8", "127.0.0.1"),
                List.of("https://ui.example")));
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
        "volant.vm.overlay-size = 1 MiB     | from 16777216 to",
        "volant.network.dns = [\"::1\"]      | at most 3 IPv4 addresses",
        "volant.network.dns = [1.1.1.256]   | at most 3 IPv4 addresses",
        "volant.guest.agent = kestrel       | an absolute path",
        "volant.api.rate.burst = 0          | a whole number from 1 to 1000000",
        "volant.api.keys = ada              | a list of objects",
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
  void guests_get_the_resolvers_that_are_set_or_those_of_the_host_that_they_can_reach() {
    assertThat(with("volant.network.dns = [9.9.9.9, 1.1.1.1]").vm().guests().dns())
        .containsExactly("9.9.9.9", "1.1.1.1");
    assertThat(
            HostResolvers.in(
                """
                # nameserver 1.2.3.4
                nameserver 127.0.0.53
                nameserver fe80::1
                 nameserver\t10.0.0.1
                nameserver 10.0.0.1
                nameserver 10.0.0.2 # the second
                nameserver 300.0.0.1
                nameserver
                nameserver 10.0.0.3
                nameserver 10.0.0.4
                """))
        .containsExactly("10.0.0.1", "10.0.0.2", "10.0.0.3");
    assertThat(HostResolvers.of(Path.of("/no/such/file"))).isEmpty();
  }

  @Test
  void the_agent_is_where_the_setting_says() {
    assertThat(with("volant.guest.agent = /opt/kestrel").agent())
        .isEqualTo(Path.of("/opt/kestrel"));
  }

  @Test
  void keys_have_names_roles_and_hashes() {
    String hash = "ab".repeat(32);
    List<ApiKey> keys =
        with("volant.api { key = k, keys = [{name = ada, role = operator, sha256 = %s}] }"
                .formatted(hash.toUpperCase(Locale.ROOT)))
            .api()
            .access()
            .keys();
    assertThat(keys)
        .containsExactly(
            ApiKey.of("api-key", Role.ADMIN, "k"), new ApiKey("ada", Role.OPERATOR, hash));
    String line = new ApiKey("bob", Role.VIEWER, hash).configLine();
    assertThat(with(line).api().access().keys())
        .containsExactly(new ApiKey("bob", Role.VIEWER, hash));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{name = ada, role = king, sha256 = H}     | volant.api.keys[0].role = \"king\": must be one of viewer, operator, admin",
        "{name = ada, role = admin, sha256 = 12}   | volant.api.keys[0].sha256 = \"12\": must be 64",
        "{name = ada, role = admin}                | volant.api.keys[0].sha256 is missing",
        "{name = \"uid:0\", role = admin, sha256 = H} | volant.api.keys[0].name",
        "{name = system, role = admin, sha256 = H} | a name that no other key has",
      })
  void a_bad_key_is_named_by_its_place(String entry, String expected) {
    String text = "volant.api.keys = [" + entry.replace("= H", "= " + "0".repeat(64)) + "]";
    assertThatThrownBy(() -> with(text))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining(expected)
        .message()
        .hasLineCount(1);
  }

  @Test
  void an_address_that_others_reach_needs_a_key_or_an_explicit_word() {
    assertThatThrownBy(() -> with("volant.api.listen = \"0.0.0.0:7777\""))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("volant.api.key");
    assertThat(with("volant.api { listen = \"0.0.0.0:7777\", key = k }").api().access().keys())
        .containsExactly(ApiKey.of("api-key", Role.ADMIN, "k"));
    assertThatThrownBy(
            () -> with("volant.api.tls { listen = \"0.0.0.0:7778\", certificate = /c, key = /k }"))
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith("volant.api.tls.listen = 0.0.0.0:7778");
    assertThat(
            with("volant.api { listen = \"0.0.0.0:7777\", allow-remote-without-key = true }")
                .api()
                .listen()
                .host())
        .isEqualTo("0.0.0.0");
  }
}
