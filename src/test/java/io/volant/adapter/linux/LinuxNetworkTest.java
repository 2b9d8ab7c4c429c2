package io.volant.adapter.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.volant.adapter.linux.LeakCensus.Expected;
import io.volant.adapter.linux.LeakCensus.Leaks;
import io.volant.adapter.process.CommandRunner;
import io.volant.model.VmId;
import io.volant.network.NetworkSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real bridges, taps and tables, with names that nobody else uses. Needs root. */
@Tag("vm")
class LinuxNetworkTest {

  private static final String TABLE = "volant_test";
  private static final NetworkSpec FIRST =
      new NetworkSpec("first", "vbrt0", "10.231.10.0/24", "10.231.10.1");
  private static final NetworkSpec SECOND =
      new NetworkSpec("second", "vbrt1", "10.231.11.0/24", "10.231.11.1");
  private static final VmId VM = VmId.of(77_777, 1);
  private static final Expected NOTHING = new Expected(Set.of(), Set.of(), Set.of());

  @TempDir private Path vms;
  private final CommandRunner commands = new CommandRunner(Duration.ofSeconds(20));
  private final LinuxHostNetwork network = new LinuxHostNetwork(commands, TABLE, Runnable::run);
  private final LinuxTaps taps = new LinuxTaps(commands, Runnable::run);

  @BeforeEach
  @AfterEach
  void leave_nothing_behind() throws Exception {
    get(taps.remove(VM.tapName()));
    get(network.remove(FIRST));
    get(network.remove(SECOND));
    assertThat(tables()).doesNotContain(TABLE);
    assertThat(census().take(NOTHING).none()).isTrue();
  }

  @Test
  void a_network_is_a_bridge_with_an_address_forwarding_and_translation() throws Exception {
    get(network.ensure(FIRST));
    get(network.ensure(FIRST));
    get(network.ensure(SECOND));

    assertThat(ip("address", "show", "dev", "vbrt0"))
        .contains("inet 10.231.10.1/24")
        .contains("UP");
    assertThat(Files.readString(Path.of("/proc/sys/net/ipv4/ip_forward")).strip()).isEqualTo("1");
    assertThat(table())
        .contains("\"vbrt0\", \"vbrt1\"")
        .contains("10.231.10.0/24, 10.231.11.0/24")
        .containsOnlyOnce("masquerade")
        .containsOnlyOnce("iifname @bridges accept");
  }

  @Test
  void a_network_goes_without_the_others() throws Exception {
    get(network.ensure(FIRST));
    get(network.ensure(SECOND));

    get(network.remove(FIRST));
    get(network.remove(FIRST));

    assertThat(new NetworkDevice("vbrt0").exists()).isFalse();
    assertThat(new NetworkDevice("vbrt1").isBridge()).isTrue();
    assertThat(table()).doesNotContain("vbrt0").contains("vbrt1").contains("10.231.11.0/24");
  }

  @Test
  void other_tables_are_not_touched() throws Exception {
    commands.run(List.of("nft", "-f", "-"), "add table ip volant_bystander\n");
    try {
      get(network.ensure(FIRST));
      get(network.remove(FIRST));

      assertThat(tables()).contains("volant_bystander");
    } finally {
      commands.run(List.of("nft", "delete", "table", "ip", "volant_bystander"), "");
    }
  }

  @Test
  void a_bridge_that_was_there_before_is_used_and_stays() throws Exception {
    ip("link", "add", "name", "vbrt0", "type", "bridge");
    try {
      get(network.ensure(FIRST));
      get(network.remove(FIRST));

      assertThat(new NetworkDevice("vbrt0").isBridge()).isTrue();
    } finally {
      ip("link", "delete", "dev", "vbrt0");
    }
  }

  @Test
  void a_tap_joins_the_bridge_once_and_goes_once() throws Exception {
    get(network.ensure(FIRST));
    NetworkDevice tap = new NetworkDevice(VM.tapName());

    get(taps.ensure(VM.tapName(), "vbrt0"));
    String before = ip("link", "show", "dev", VM.tapName());
    get(taps.ensure(VM.tapName(), "vbrt0"));

    assertThat(tap.master()).isEqualTo("vbrt0");
    assertThat(tap.isUp()).isTrue();
    assertThat(ip("link", "show", "dev", VM.tapName())).isEqualTo(before);

    get(taps.remove(VM.tapName()));
    get(taps.remove(VM.tapName()));
    assertThat(tap.exists()).isFalse();
  }

  @Test
  void a_tap_that_lost_its_bridge_joins_again() throws Exception {
    get(network.ensure(FIRST));
    get(taps.ensure(VM.tapName(), "vbrt0"));
    ip("link", "set", "dev", VM.tapName(), "nomaster", "down");

    get(taps.ensure(VM.tapName(), "vbrt0"));

    assertThat(new NetworkDevice(VM.tapName()).master()).isEqualTo("vbrt0");
    assertThat(new NetworkDevice(VM.tapName()).isUp()).isTrue();
  }

  @Test
  void mistakes_are_named_and_change_nothing() {
    assertThatThrownBy(() -> get(taps.ensure(VM.tapName(), "vbrt0")))
        .hasMessageContaining("there is no bridge vbrt0");
    assertThatThrownBy(() -> get(taps.remove("lo"))).hasMessageContaining("lo is not a tap");
    assertThatThrownBy(() -> get(taps.ensure("vt1\nlink delete lo", "vbrt0")))
        .hasMessageContaining("is no name for a network device");
    assertThatThrownBy(
            () -> get(network.ensure(new NetworkSpec("n", "lo", "10.231.12.0/24", "10.231.12.1"))))
        .hasMessageContaining("lo is there and is not a bridge");
    assertThatThrownBy(
            () -> get(network.ensure(new NetworkSpec("n", "vbrt0", "10.231.12.0/24", "10.0.0.1"))))
        .hasMessageContaining("10.0.0.1 is not in 10.231.12.0/24");
    assertThat(new NetworkDevice("vbrt0").exists()).isFalse();
  }

  @Test
  void the_census_finds_what_was_left_behind_and_not_what_lives() throws Exception {
    get(network.ensure(FIRST));
    get(taps.ensure(VM.tapName(), "vbrt0"));
    Path folder = Files.createDirectory(vms.resolve(VM.toString()));
    Files.writeString(folder.resolve("qmp.sock"), "");
    Process process =
        new ProcessBuilder("tail", "-f", folder.resolve("qmp.sock").toString()).start();
    try {
      Leaks leaks = census().take(NOTHING);

      assertThat(leaks.taps()).containsExactly(VM.tapName());
      assertThat(leaks.bridges()).containsExactly("vbrt0");
      assertThat(leaks.tableElements()).containsExactly("vbrt0");
      assertThat(leaks.processes()).containsExactly(process.pid() + " tail");
      assertThat(leaks.sockets()).containsExactly(folder.resolve("qmp.sock").toString());
      assertThat(leaks.folders()).containsExactly(folder.toString());
      assertThat(census().take(new Expected(Set.of(VM), Set.of(VM), Set.of("vbrt0"))).none())
          .isTrue();
    } finally {
      process.destroyForcibly().waitFor();
      Files.delete(folder.resolve("qmp.sock"));
      Files.delete(folder);
    }
  }

  private LeakCensus census() {
    return new LeakCensus(vms, Set.of("vbrt0", "vbrt1"), TABLE, commands);
  }

  private String tables() throws Exception {
    return commands.run(List.of("nft", "list", "tables"), "");
  }

  private String table() throws Exception {
    return commands.run(List.of("nft", "list", "table", "ip", TABLE), "").replaceAll("\\s+", " ");
  }

  private String ip(String... words) throws Exception {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(words));
    return commands.run(command, "");
  }

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
  }
}
