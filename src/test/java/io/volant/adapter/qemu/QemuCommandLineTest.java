package io.volant.adapter.qemu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.volant.artifact.DiskFormat;
import io.volant.model.VmId;
import io.volant.vm.LaunchSpec;
import io.volant.vm.LaunchSpec.Base;
import io.volant.vm.LaunchSpec.BlockDevice;
import io.volant.vm.LaunchSpec.Kernel;
import io.volant.vm.LaunchSpec.Nic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QemuCommandLineTest {

  private static final Path GOLDEN = Path.of("src/test/resources/qemu");
  private static final long CLOCK_KHZ = 2_250_000;
  private static final Nic NIC = new Nic("vt7", "02:00:00:00:00:07");

  @ParameterizedTest
  @CsvSource({
    "own-kernel-tcg,true,false",
    "own-kernel-kvm,true,true",
    "debian-kernel-tcg,false,false",
    "debian-kernel-kvm,false,true"
  })
  void the_command_line_is_as_in_the_golden_file(String name, boolean virtioMmio, boolean kvm)
      throws IOException {
    List<String> words =
        QemuCommandLine.of(
            "/usr/bin/qemu-system-x86_64", spec("/v/7", virtioMmio, NIC, true), kvm, CLOCK_KHZ);

    assertGolden(name, words);
  }

  @Test
  void without_nic_and_agent_their_devices_are_left_out() throws IOException {
    List<String> words =
        QemuCommandLine.of(
            "/usr/bin/qemu-system-x86_64", spec("/v/7", true, null, false), false, 0);

    assertGolden("no-nic-no-agent", words);
    assertThat(words.getLast()).doesNotContain("tsc_early_khz");
  }

  @ParameterizedTest
  @CsvSource({
    "rootfs-squashfs-own-kernel,true",
    "rootfs-squashfs-debian-kernel,false",
  })
  void a_root_file_system_comes_first_then_disks_seed_and_overlay(String name, boolean virtioMmio)
      throws IOException {
    List<BlockDevice> disks =
        List.of(
            new BlockDevice("volant-root", "/s/ab", DiskFormat.RAW, true, null),
            new BlockDevice("data", "/s/cd", DiskFormat.QCOW2, true, null),
            new BlockDevice("volant-seed", "/v/7/seed.vfat", DiskFormat.RAW, true, null),
            new BlockDevice(
                "volant-overlay", "/v/7/volant-overlay.ext4", DiskFormat.RAW, false, null));

    assertGolden(
        name, QemuCommandLine.of("/q", spec("/v/7", virtioMmio, NIC, true, disks), true, 0));
  }

  @ParameterizedTest
  @CsvSource({"rootfs-qcow2-own-kernel,true", "rootfs-qcow2-debian-kernel,false"})
  void a_layer_names_what_it_builds_on_and_that_nothing_is_below(String name, boolean virtioMmio)
      throws IOException {
    BlockDevice root =
        new BlockDevice(
            "volant-root",
            "/v,\"v/7/volant-root.qcow2",
            DiskFormat.QCOW2,
            false,
            new Base("/s/ab", DiskFormat.QCOW2));

    assertGolden(
        name,
        QemuCommandLine.of("/q", spec("/v/7", virtioMmio, NIC, true, List.of(root)), true, 0));
  }

  @Test
  void a_machine_without_room_is_refused_with_the_kernel_that_has_it() {
    List<BlockDevice> six =
        IntStream.range(0, 6)
            .mapToObj(i -> new BlockDevice("d" + i, "/s/" + i, DiskFormat.RAW, true, null))
            .toList();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> QemuCommandLine.of("/q", spec("/v/7", true, NIC, true, six), true, 0))
        .withMessageContaining("needs 9 devices")
        .withMessageContaining("has room for 8")
        .withMessageContaining("debian-cloud");
    assertThat(QemuCommandLine.of("/q", spec("/v/7", true, null, true, six), true, 0)).isNotEmpty();
    assertThat(QemuCommandLine.of("/q", spec("/v/7", false, NIC, true, six), true, 0)).isNotEmpty();
  }

  @Test
  void one_processor_under_tcg_needs_no_timer_of_its_own() {
    assertThat(QemuCommandLine.of("/q", withOneCore(), false, 0).getLast())
        .contains(" nolapic_timer ");
    assertThat(QemuCommandLine.of("/q", withOneCore(), true, 0).getLast())
        .doesNotContain("nolapic_timer");
  }

  @Test
  void a_comma_in_a_path_does_not_end_the_option() {
    List<String> words = QemuCommandLine.of("/q", spec("/v,v/7", true, NIC, true), false, 0);

    assertThat(words)
        .contains("socket,id=qmp,path=/v,,v/7/qmp.sock,server=on,wait=off")
        .contains("/v,v/7/qemu.pid");
  }

  @Test
  void a_process_is_recognised_by_its_pid_file_and_by_nothing_less() {
    List<String> words = QemuCommandLine.of("/q", spec("/v/7", true, NIC, true), false, 0);

    assertThat(QemuCommandLine.belongsTo(words, RunFiles.of("/v/7"))).isTrue();
    assertThat(QemuCommandLine.belongsTo(words, RunFiles.of("/v/77"))).isFalse();
    assertThat(QemuCommandLine.belongsTo(words, RunFiles.of("/v"))).isFalse();
    assertThat(
            QemuCommandLine.belongsTo(List.of("tail", "-f", "/v/7/qemu.pid"), RunFiles.of("/v/7")))
        .isFalse();
    assertThat(QemuCommandLine.belongsTo(List.of(), RunFiles.of("/v/7"))).isFalse();
  }

  private static void assertGolden(String name, List<String> words) throws IOException {
    String actual = String.join("\n", words) + "\n";
    Path file = GOLDEN.resolve(name + ".txt");
    if ("rewrite".equals(System.getProperty("golden"))) {
      Files.createDirectories(GOLDEN);
      Files.writeString(file, actual);
    }
    assertThat(actual).as("make golden rewrites %s", file).isEqualTo(Files.readString(file));
  }

  private static LaunchSpec withOneCore() {
    LaunchSpec two = spec("/v/7", true, null, false);
    return new LaunchSpec(
        two.vmId(),
        two.name(),
        two.runDirectory(),
        two.kernel(),
        two.initrd(),
        two.kernelCommandLine(),
        1,
        two.memoryMib(),
        two.disks(),
        two.nic(),
        two.hasAgent());
  }

  private static LaunchSpec spec(
      String runDirectory, boolean virtioMmio, @Nullable Nic nic, boolean hasAgent) {
    return spec(runDirectory, virtioMmio, nic, hasAgent, List.of());
  }

  private static LaunchSpec spec(
      String runDirectory,
      boolean virtioMmio,
      @Nullable Nic nic,
      boolean hasAgent,
      List<BlockDevice> disks) {
    return new LaunchSpec(
        new VmId(7),
        "hello",
        runDirectory,
        new Kernel("k", "/k/vmlinuz", virtioMmio, List.of(), null, List.of()),
        runDirectory + "/initrd",
        "console=ttyS0 panic=-1 volant.boot=auto",
        2,
        256,
        disks,
        nic,
        hasAgent);
  }
}
