package io.volant.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.volant.artifact.DiskFormat;
import io.volant.vm.VmConfig.NetworkMode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Against {@code kestrel/PROTOCOL.md} §1. */
class BootDocumentTest {

  private static final long STOP_TIMEOUT_MS = 10_000;
  private static final List<String> DNS = List.of("10.0.0.1", "1.1.1.1");

  @Test
  void it_is_records_that_each_end_with_a_nul_byte_and_the_version_is_first() {
    assertThat(text(leased()))
        .isEqualTo(
            """
            boot=1
            vm=7
            hostname=web
            module=/m/a.ko
            module=/m/b.ko
            address=10.0.0.2/24
            gateway=10.0.0.1
            mac=02:00:00:00:00:07
            dns=10.0.0.1
            dns=1.1.1.1
            arg=/bin/httpd
            arg=-f
            env=A=1
            env=B=2=3
            workdir=/srv
            probe_port=8080
            probe_path=/healthz
            probe_timeout_ms=1500
            stop_timeout_ms=10000
            """
                .replace('\n', '\0'));
  }

  @Test
  void the_root_and_further_disks_are_named_by_serial_number() {
    VmConfig.RootDisk root =
        new VmConfig.RootDisk(DiskFormat.RAW, "squashfs", VmConfig.RootDisk.Overlay.DISK, "1G");
    Vm vm =
        DiskPlanTest.vm(
            root,
            List.of(
                disk("data", false, "/srv/data"), disk("ro", true, "/ro"), disk("w", true, "vdb")),
            null);

    assertThat(text(vm).split("\0", -1))
        .containsSubsequence(
            "root_disk=volant-root",
            "root_fstype=squashfs",
            "overlay_disk=volant-overlay",
            "disk=data:rw:/srv/data",
            "disk=ro:ro:/ro",
            "arg=/bin/httpd")
        .noneMatch(line -> line.startsWith("overlay_size=") || line.startsWith("disk=w"));
  }

  @Test
  void a_root_that_is_not_known_is_left_to_the_guest_and_memory_has_its_size() {
    VmConfig.RootDisk unknown =
        new VmConfig.RootDisk(DiskFormat.QCOW2, null, VmConfig.RootDisk.Overlay.DISK, null);
    VmConfig.RootDisk memory =
        new VmConfig.RootDisk(DiskFormat.RAW, "erofs", VmConfig.RootDisk.Overlay.MEMORY, "1M");

    assertThat(text(DiskPlanTest.vm(unknown, List.of(), null)))
        .contains("root_disk=volant-root\0")
        .doesNotContain("root_fstype=", "overlay_disk=", "overlay_size=");
    assertThat(text(DiskPlanTest.vm(memory, List.of(), null)))
        .contains("root_fstype=erofs\0overlay_size=1048576\0")
        .doesNotContain("overlay_disk=");
  }

  @Test
  void a_vm_without_a_card_has_no_network_in_it() {
    Vm vm = VmSamples.created(VmSamples.config(NetworkMode.VSOCK, true));
    assertThat(text(vm)).doesNotContain("address=", "gateway=", "mac=", "dns=");
  }

  @Test
  void a_first_process_of_the_plugins_own_is_told_the_same() {
    Vm with = VmSamples.created(VmSamples.config(NetworkMode.VSOCK, true));
    Vm without = VmSamples.created(VmSamples.config(NetworkMode.VSOCK, false));
    assertThat(text(without)).isEqualTo(text(with));
  }

  @Test
  void a_patience_longer_than_an_agent_takes_is_cut_to_what_it_takes() {
    String hour =
        new String(BootDocument.of(leased(), List.of(), 3_600_000, DNS), StandardCharsets.UTF_8);
    assertThat(hour).endsWith("stop_timeout_ms=600000\0");
  }

  @Test
  void a_nul_byte_in_a_value_cannot_forge_a_record() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> text(with(Map.of("A", "1\0arg=/bin/evil"))))
        .withMessageContaining("env");
  }

  @Test
  void what_an_agent_would_not_read_is_refused_with_its_size() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> text(with(Map.of("A", "x".repeat(70_000)))))
        .withMessageContaining("65536");
  }

  private static VmConfig.ExtraDisk disk(String name, boolean readOnly, String target) {
    return new VmConfig.ExtraDisk(
        name, "/images/a", VmSamples.ARTIFACT, DiskFormat.RAW, readOnly, target, "ext4");
  }

  private static Vm leased() {
    Vm vm = VmSamples.created(VmSamples.config(NetworkMode.BRIDGED, true));
    return VmSamples.apply(
        vm, Decision.facts(s -> new VmEvent.AddressLeased(s, 1, VmSamples.LEASE)));
  }

  private static Vm with(Map<String, String> env) {
    VmConfig config = VmSamples.config(NetworkMode.VSOCK, true);
    VmConfig.Workload was = config.workload();
    return VmSamples.created(
        new VmConfig(
            config.plugin(),
            config.machine(),
            config.boot(),
            List.of(),
            null,
            new VmConfig.Workload(
                List.of("/bin/httpd"), env, "/", null, "", was.health(), true, null),
            config.network(),
            null));
  }

  private static String text(Vm vm) {
    return new String(
        BootDocument.of(vm, VmSamples.KERNEL.modules(), STOP_TIMEOUT_MS, DNS),
        StandardCharsets.UTF_8);
  }
}
