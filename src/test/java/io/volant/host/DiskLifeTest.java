package io.volant.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.volant.adapter.simulated.SimulatedWorld;
import io.volant.artifact.DiskFormat;
import io.volant.fake.Requests;
import io.volant.fake.SimulatedHost;
import io.volant.manifest.PluginManifest;
import io.volant.plugin.PluginReply;
import io.volant.vm.Health;
import io.volant.vm.LaunchSpec.BlockDevice;
import io.volant.vm.Phase;
import io.volant.vm.Vm;
import io.volant.vm.VmCommand.Goal;
import io.volant.vm.VmConfig;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** VMs with disks, and VMs without an agent, through the whole actor tree. */
class DiskLifeTest {

  @TempDir private Path home;
  private final SimulatedWorld world = SimulatedHost.world();
  private SimulatedHost host;

  @BeforeEach
  void startDaemon() {
    host = SimulatedHost.start(home, world);
  }

  @AfterEach
  void endDaemon() {
    host.die();
    world.close();
  }

  @Test
  void a_root_file_system_boots_with_its_disks_which_a_stop_leaves_and_a_delete_removes() {
    assertThat(Requests.install(host, Requests.rootfsManifest("disks")))
        .isInstanceOf(PluginReply.Accepted.class);
    assertThat(Requests.create(host, Requests.request("a", "disks", "")))
        .isInstanceOf(HostReply.VmCreated.class);

    Vm vm = Requests.await(host, "a", Goal.HEALTHY);
    assertThat(host.plugins().find("disks").orElseThrow().disks()).containsOnlyKeys("data");
    VmConfig.RootDisk root = Objects.requireNonNull(vm.config().config().boot().root());
    assertThat(root)
        .isEqualTo(
            new VmConfig.RootDisk(
                DiskFormat.RAW, "squashfs", VmConfig.RootDisk.Overlay.DISK, null));
    assertThat(vm.config().config().disks().getFirst().fileSystem()).isEqualTo("ext4");
    assertThat(Objects.requireNonNull(vm.holdings().prepared()).disks())
        .extracting(BlockDevice::serial)
        .containsExactly("volant-root", "data", "volant-seed", "volant-overlay");

    Requests.stop(host, "a");
    Requests.await(host, "a", Goal.AT_REST);
    assertThat(world.census())
        .contains("folder 1", "disk 1 volant-overlay", "disk 1 data")
        .doesNotContain("run files 1", "process 1");
    Requests.start(host, "a");
    Requests.await(host, "a", Goal.HEALTHY);
    Requests.delete(host, "a");
    assertThat(world.census()).isEmpty();
  }

  @Test
  void a_daemon_that_comes_back_knows_the_disks() {
    Requests.install(host, Requests.rootfsManifest("disks"));
    Requests.create(host, Requests.request("a", "disks", ""));
    Vm before = Requests.await(host, "a", Goal.HEALTHY);
    host.die();
    host = SimulatedHost.start(home, world);
    assertThat(Requests.await(host, "a", Goal.HEALTHY).holdings()).isEqualTo(before.holdings());
    assertThat(host.plugins().find("disks").orElseThrow().disks()).containsOnlyKeys("data");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/images/missing.squashfs | /images/data.ext4    | ARTIFACT_UNAVAILABLE | rootfs.url",
        "/images/a.squashfs       | /images/missing.ext4 | ARTIFACT_UNAVAILABLE | disks[0].source",
        "/images/hostile.squashfs | /images/data.ext4    | INVALID              | rootfs.format",
        "/images/a.squashfs       | /images/hostile.ext4 | INVALID              | disks[0].format",
        "/images/a.xfs            | /images/data.ext4    | INVALID              | rootfs.format",
      })
  void a_plugin_whose_images_cannot_be_had_is_refused_with_the_field(
      String root, String disk, PluginReply.Reason reason, String field) {
    PluginReply reply = Requests.install(host, manifest(root, disk));
    assertThat(reply)
        .isInstanceOfSatisfying(
            PluginReply.Refused.class,
            refused -> {
              assertThat(refused.reason()).isEqualTo(reason);
              assertThat(refused.message()).startsWith(field + ": ");
            });
    assertThat(host.plugins().all()).isEmpty();
  }

  @Test
  void a_vm_with_more_disks_than_its_machine_has_room_for_is_refused_with_the_other_kernel() {
    StringBuilder disks = new StringBuilder();
    for (int i = 0; i < 6; i++) {
      disks.append(
          "%s{\"name\": \"d%d\", \"source\": \"/images/%d.img\"}"
              .formatted(i == 0 ? "" : ",", i, i));
    }
    Requests.install(
        host,
        Requests.read(
            """
            {"name": "many", "version": "1", "initramfs": {"url": "/a.cpio"}, "disks": [%s],
             "resources": {"cpu_cores": 1, "memory_mb": 64},
             "workload": {"type": "http", "entrypoint": ["/a"], "base_url": "http://127.0.0.1:80"}}
            """
                .formatted(disks)));
    assertThat(Requests.create(host, Requests.request("a", "many", "")))
        .isInstanceOfSatisfying(
            HostReply.Refused.class,
            refused ->
                assertThat(refused.message())
                    .contains("needs 9 devices")
                    .contains("the kernel \"simulated\" has room for 8")
                    .contains("debian-cloud"));
    assertThat(host.vms().all()).isEmpty();
  }

  @Test
  void a_vm_without_an_agent_runs_at_once_and_is_probed_over_its_network() {
    Requests.install(host, agentless("bridged"));
    Requests.create(host, Requests.request("a", "bare", "simulated.healthy_ms=50"));
    assertThat(Requests.await(host, "a", Goal.RUNNING).hasAgent()).isFalse();
    assertThat(Requests.await(host, "a", Goal.HEALTHY).phase())
        .isEqualTo(new Phase.Running(true, new Phase.WorkloadRun(0, false), Health.HEALTHY, null));
    Requests.stop(host, "a");
    assertThat(Requests.await(host, "a", Goal.AT_REST).phase()).isInstanceOf(Phase.Stopped.class);
  }

  @Test
  void without_agent_and_network_nobody_knows_how_it_is() {
    Requests.install(host, agentless("vsock"));
    Requests.create(host, Requests.request("a", "bare", ""));
    assertThat(Requests.await(host, "a", Goal.HEALTHY).phase())
        .isInstanceOfSatisfying(
            Phase.Running.class, running -> assertThat(running.health()).isEqualTo(Health.UNKNOWN));
  }

  private static PluginManifest agentless(String network) {
    return Requests.read(
        """
        {"name": "bare", "version": "1", "initramfs": {"url": "/a.cpio", "init_mode": "custom"},
         "resources": {"cpu_cores": 1, "memory_mb": 64}, "network": {"mode": "%s"},
         "workload": {"type": "http", "entrypoint": ["/a"], "base_url": "http://127.0.0.1:80"}}
        """
            .formatted(network));
  }

  private static PluginManifest manifest(String root, String disk) {
    return Requests.read(
        """
        {"name": "a", "version": "1", "rootfs": {"url": "%s", "format": "squashfs"},
         "disks": [{"name": "data", "source": "%s"}],
         "resources": {"cpu_cores": 1, "memory_mb": 64},
         "workload": {"type": "http", "entrypoint": ["/a"], "base_url": "http://127.0.0.1:80"}}
        """
            .formatted(root, disk));
  }
}
