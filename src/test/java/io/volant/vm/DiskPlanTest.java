package io.volant.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.volant.artifact.DiskFormat;
import io.volant.artifact.StoredArtifact;
import io.volant.vm.LaunchSpec.ModuleGroup;
import io.volant.vm.LaunchSpec.ModuleGroup.Need;
import io.volant.vm.VmConfig.RootDisk;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DiskPlanTest {

  private static final long OVERLAY_BYTES = 4L << 30;
  private static final RootDisk SQUASHFS =
      root(DiskFormat.RAW, "squashfs", RootDisk.Overlay.DISK, null);

  @Test
  void the_order_is_root_further_disks_seed_overlay() {
    Vm vm = vm(SQUASHFS, List.of(disk("data", false), disk("ro", true)), seed());

    assertThat(DiskPlan.of(vm, OVERLAY_BYTES))
        .containsExactly(
            new WantedDisk.Shared("volant-root", "/store/ab", DiskFormat.RAW),
            new WantedDisk.Layered("data", "/store/data", DiskFormat.QCOW2),
            new WantedDisk.Shared("ro", "/store/ro", DiskFormat.QCOW2),
            new WantedDisk.Seed(
                "volant-seed", "", "instance-id: volant-7\nlocal-hostname: web\n", null),
            new WantedDisk.Empty("volant-overlay", OVERLAY_BYTES));
  }

  @ParameterizedTest
  @CsvSource({"ext4", "xfs", "btrfs", "''"})
  void a_file_system_that_can_be_written_gets_a_layer(String fileSystem) {
    RootDisk root =
        root(
            DiskFormat.RAW,
            fileSystem.isEmpty() ? null : fileSystem,
            RootDisk.Overlay.MEMORY,
            null);

    assertThat(DiskPlan.of(vm(root, List.of(), null), OVERLAY_BYTES))
        .containsExactly(new WantedDisk.Layered("volant-root", "/store/ab", DiskFormat.RAW));
  }

  @Test
  void changes_in_memory_need_no_disk_and_a_size_of_a_disk_is_honoured() {
    RootDisk memory = root(DiskFormat.RAW, "erofs", RootDisk.Overlay.MEMORY, "50%");
    RootDisk small = root(DiskFormat.RAW, "erofs", RootDisk.Overlay.DISK, "64M");

    assertThat(DiskPlan.of(vm(memory, List.of(), null), OVERLAY_BYTES)).hasSize(1);
    assertThat(DiskPlan.of(vm(small, List.of(), null), OVERLAY_BYTES))
        .contains(new WantedDisk.Empty("volant-overlay", 64L << 20));
  }

  @Test
  void a_vm_without_disks_has_none() {
    assertThat(DiskPlan.of(vm(null, List.of(), null), OVERLAY_BYTES)).isEmpty();
  }

  @Test
  void as_many_are_counted_as_are_planned() {
    for (RootDisk root : new @Nullable RootDisk[] {null, SQUASHFS}) {
      Vm vm = vm(root, List.of(disk("data", false)), seed());
      assertThat(DiskPlan.count(vm.config().config()))
          .isEqualTo(DiskPlan.of(vm, OVERLAY_BYTES).size());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"data", "a.b_c-d", "twenty-characters-ok"})
  void a_disks_name_is_its_serial_number(String name) {
    assertThat(DiskPlan.serial(name)).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"volant-root", "volant-x", "twenty-one-characters", "a.very.long.name.of.a.disk"})
  void a_name_that_is_too_long_or_ours_is_shortened_with_a_hash(String name) {
    assertThat(DiskPlan.serial(name))
        .hasSizeLessThanOrEqualTo(20)
        .matches("[a-z0-9._-]+-[0-9a-f]{8}")
        .isNotEqualTo(DiskPlan.serial(name + "x"));
  }

  @Test
  void modules_are_loaded_for_what_the_disks_have_or_may_have() {
    assertThat(modules(null, List.of())).containsExactly("/m/base");
    assertThat(modules(SQUASHFS, List.of())).containsExactly("/m/base", "/m/rootfs");
    assertThat(modules(root(DiskFormat.RAW, "xfs", RootDisk.Overlay.DISK, null), List.of()))
        .containsExactly("/m/base", "/m/rootfs", "/m/xfs");
    assertThat(modules(root(DiskFormat.QCOW2, null, RootDisk.Overlay.DISK, null), List.of()))
        .containsExactly("/m/base", "/m/rootfs", "/m/xfs", "/m/btrfs");
    assertThat(modules(null, List.of(disk("data", true))))
        .containsExactly("/m/base", "/m/rootfs", "/m/btrfs");
  }

  @ParameterizedTest
  @CsvSource({"16M,16777216", "2G,2147483648", "16T,17592186044416", "20000K,20480000"})
  void a_size_is_a_number_of_bytes(String text, long bytes) {
    assertThat(OverlaySize.diskBytes(text)).isEqualTo(bytes);
    assertThat(OverlaySize.ofMemory(text)).isEqualTo(Long.toString(bytes));
  }

  @ParameterizedTest
  @ValueSource(strings = {"15M", "17T", "50%", "", "1", "0G", "-1G", "1000000G", "1g"})
  void what_no_disk_can_have_is_refused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> OverlaySize.diskBytes(text));
  }

  private static List<String> modules(@Nullable RootDisk root, List<VmConfig.ExtraDisk> disks) {
    LaunchSpec.Kernel kernel =
        new LaunchSpec.Kernel(
            "k",
            "/k",
            false,
            List.of("/m/base"),
            "/k/base.cpio",
            List.of(
                new ModuleGroup(Need.ROOTFS, List.of("/m/rootfs"), "/k/rootfs.cpio"),
                new ModuleGroup(Need.XFS, List.of("/m/xfs"), "/k/xfs.cpio"),
                new ModuleGroup(Need.BTRFS, List.of("/m/btrfs"), "/k/btrfs.cpio")));
    GuestModules modules = GuestModules.of(vm(root, disks, null).config().config(), kernel);
    assertThat(modules.segments()).hasSameSizeAs(modules.paths());
    return modules.paths();
  }

  private static RootDisk root(
      DiskFormat format,
      @Nullable String fileSystem,
      RootDisk.Overlay overlay,
      @Nullable String size) {
    return new RootDisk(format, fileSystem, overlay, size);
  }

  private static VmConfig.ExtraDisk disk(String name, boolean readOnly) {
    StoredArtifact image = new StoredArtifact("cd".repeat(32), "/store/" + name, 10);
    return new VmConfig.ExtraDisk(
        name, "/images/" + name, image, DiskFormat.QCOW2, readOnly, "/mnt/" + name, "btrfs");
  }

  private static VmConfig.Seed seed() {
    return new VmConfig.Seed(null, null, null);
  }

  /** The sample VM with these disks, whose sources are known. */
  static Vm vm(
      @Nullable RootDisk root, List<VmConfig.ExtraDisk> disks, VmConfig.@Nullable Seed seed) {
    VmConfig sample = VmSamples.config(VmConfig.NetworkMode.VSOCK, true);
    VmConfig.BootMedium.Kind kind =
        root == null ? VmConfig.BootMedium.Kind.INITRAMFS : VmConfig.BootMedium.Kind.ROOTFS;
    Vm vm =
        VmSamples.created(
            new VmConfig(
                sample.plugin(),
                sample.machine(),
                new VmConfig.BootMedium(
                    kind, "/images/a", new StoredArtifact("ab".repeat(32), "/store/ab", 10), root),
                disks,
                seed,
                sample.workload(),
                sample.network(),
                null));
    Holdings.Sources sources =
        new Holdings.Sources(
            vm.config().config().boot().artifact(),
            disks.stream().map(VmConfig.ExtraDisk::image).toList(),
            VmSamples.KERNEL);
    return VmSamples.apply(vm, VmRules.stepDone(vm, new VmResult.ArtifactsFetched(1, sources)));
  }
}
