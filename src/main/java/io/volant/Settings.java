package io.volant;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import io.volant.adapter.qemu.Accelerator;
import io.volant.adapter.simulated.SimulatedBehaviour;
import io.volant.api.ApiSettings;
import io.volant.deployment.DeploymentSettings;
import io.volant.network.NetworkSpec;
import io.volant.network.Subnet;
import io.volant.vm.VmSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All of volantd's settings, checked. This is the only place that reads configuration.
 *
 * @param home absolute path of the folder that holds all that must survive
 * @param hostNumber this host's number in a fleet
 * @param api the HTTP edge
 * @param hypervisor what runs the VMs
 * @param agent absolute path of kestrel, the first process of root file systems' guests
 * @param kernel name or path of the kernel; null: the host's choice
 * @param network the network that VMs are joined to
 * @param vm the patience of VMs' actors
 * @param deployments how deployments go about it
 * @param artifactBytesMax the largest boot medium
 */
record Settings(
    Path home,
    int hostNumber,
    ApiSettings api,
    HypervisorChoice hypervisor,
    Path agent,
    @Nullable String kernel,
    NetworkSpec network,
    VmSettings vm,
    DeploymentSettings deployments,
    long artifactBytesMax) {

  private static final long MIB = 1024 * 1024;
  private static final int HOST_NUMBER_MAX = (1 << 21) - 1;
  private static final Duration HOUR = Duration.ofHours(1);

  /** Which hypervisor. */
  enum Driver {
    AUTO,
    QEMU,
    SIMULATED
  }

  /** What runs the VMs, and how. */
  record HypervisorChoice(
      Driver driver, String qemuBinary, Accelerator accelerator, SimulatedBehaviour simulated) {}

  /**
   * Reads the settings of this process.
   *
   * @throws SettingsException for the first one that is wrong
   */
  static Settings of(Config config, String version) {
    try {
      SettingsReader read = new SettingsReader(config);
      NetworkSpec network = network(read);
      VmSettings vm = vm(read);
      Path home = home(read);
      return new Settings(
          home,
          read.number("volant.host.number", 0, HOST_NUMBER_MAX),
          new ApiSettingsReader(read, home).api(network.hostAddress(), version),
          hypervisor(read),
          AgentSearch.find(read.text("volant.guest.agent")),
          emptyToNull(read.text("volant.kernel.default")),
          network,
          vm,
          deployments(read),
          read.bytes("volant.artifacts.size-max", MIB, MIB * MIB));
    } catch (ConfigException broken) {
      throw new SettingsException(String.valueOf(broken.getMessage()));
    }
  }

  /** The settings that the environment and the operator's file give. */
  static Settings load(Map<String, String> environment, String version) {
    try {
      return of(EngineConfig.load(environment), version);
    } catch (ConfigException broken) {
      throw new SettingsException(String.valueOf(broken.getMessage()));
    }
  }

  private static Path home(SettingsReader read) {
    String given = read.text("volant.home");
    if (!given.isEmpty()) {
      return Path.of(given).toAbsolutePath().normalize();
    }
    boolean root = "root".equals(System.getProperty("user.name"));
    return root
        ? Path.of("/var/lib/volant")
        : Path.of(System.getProperty("user.home", "."), ".volant").toAbsolutePath();
  }

  private static HypervisorChoice hypervisor(SettingsReader read) {
    SimulatedBehaviour instant = SimulatedBehaviour.instant();
    return new HypervisorChoice(
        read.choice("volant.hypervisor.driver", Driver.class),
        read.text("volant.hypervisor.qemu.binary"),
        read.choice("volant.hypervisor.qemu.accelerator", Accelerator.class),
        new SimulatedBehaviour(
            read.millis("volant.hypervisor.simulated.launch", Duration.ZERO, HOUR),
            read.millis("volant.hypervisor.simulated.ready", Duration.ZERO, HOUR),
            read.millis("volant.hypervisor.simulated.healthy", Duration.ZERO, HOUR),
            instant.dieAfterMs(),
            instant.workloadDiesAfterMs(),
            instant.shutdownMs(),
            instant.launchFails()));
  }

  private static NetworkSpec network(SettingsReader read) {
    String bridge =
        read.matching(
            "volant.network.bridge",
            "[A-Za-z0-9][A-Za-z0-9_.-]{0,14}",
            "the name of a Linux bridge, at most 15 characters");
    Subnet subnet = read.parsed("volant.network.subnet", Subnet::parse);
    String hostIp =
        read.parsed(
            "volant.network.host-ip",
            text -> {
              int place = subnet.offset(text);
              if (place == 0 || place == subnet.size() - 1) {
                throw new IllegalArgumentException("is not an address for a host in " + subnet);
              }
              return text;
            });
    return new NetworkSpec("default", bridge, subnet.toString(), hostIp);
  }

  private static VmSettings vm(SettingsReader read) {
    Duration second = Duration.ofSeconds(1);
    Duration shortest = Duration.ofMillis(10);
    return new VmSettings(
        read.millis("volant.vm.start-timeout", second, HOUR),
        read.millis("volant.vm.stop-timeout", Duration.ZERO, HOUR),
        read.millis("volant.vm.silence", Duration.ofMillis(100), Duration.ofMinutes(5)),
        read.millis("volant.vm.retry-min", shortest, HOUR),
        read.millis("volant.vm.retry-max", shortest, HOUR),
        new VmSettings.ForGuests(
            resolvers(read), read.bytes("volant.vm.overlay-size", 16 * MIB, 16 * MIB * MIB)));
  }

  private static DeploymentSettings deployments(SettingsReader read) {
    Duration shortest = Duration.ofMillis(10);
    return new DeploymentSettings(
        read.number("volant.deployment.parallel", 1, 1_000),
        read.number("volant.deployment.max-unavailable", 1, 1_000),
        read.millis("volant.deployment.healthy-timeout", Duration.ofSeconds(1), HOUR),
        read.number("volant.deployment.failures-max", 1, 100),
        read.millis("volant.deployment.retry-min", shortest, HOUR),
        read.millis("volant.deployment.retry-max", shortest, HOUR),
        read.millis("volant.deployment.steady-after", Duration.ZERO, HOUR));
  }

  private static List<String> resolvers(SettingsReader read) {
    List<String> asked = read.texts("volant.network.dns");
    if (asked.isEmpty()) {
      return HostResolvers.ofHost();
    }
    if (asked.size() > HostResolvers.MOST || !asked.stream().allMatch(HostResolvers::isIpv4)) {
      throw new SettingsException(
          "volant.network.dns", asked, "at most " + HostResolvers.MOST + " IPv4 addresses");
    }
    return asked;
  }

  private static @Nullable String emptyToNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
