package io.volant.adapter.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import io.volant.model.VmId;
import io.volant.vm.LaunchSpec;
import io.volant.vm.LaunchSpec.Kernel;
import io.volant.vm.LaunchSpec.Nic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
        two.nic(),
        two.hasAgent());
  }

  private static LaunchSpec spec(
      String runDirectory, boolean virtioMmio, @Nullable Nic nic, boolean hasAgent) {
    return new LaunchSpec(
        new VmId(7),
        "hello",
        runDirectory,
        new Kernel("k", "/k/vmlinuz", virtioMmio, List.of(), null),
        runDirectory + "/initrd",
        "console=ttyS0 panic=-1 volant.boot=auto",
        2,
        256,
        nic,
        hasAgent);
  }
}
