package io.volant.adapter.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.volant.adapter.linux.HostProbe.HostFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostProbeTest {

  @TempDir private Path root;

  @BeforeEach
  void a_machine() throws IOException {
    write("proc/meminfo", "MemTotal:       24630000 kB\nMemFree: 1 kB\n");
    write("proc/sys/kernel/random/boot_id", "the-boot\n");
  }

  @Test
  void kvm_is_usable_where_the_device_opens_and_the_cpu_virtualises() throws IOException {
    write("dev/kvm", "");
    write("proc/cpuinfo", "flags\t\t: fpu vmx sse\n");

    assertThat(new HostProbe(root).probe())
        .isEqualTo(
            new HostFacts(
                true,
                "/dev/kvm opens and the CPU virtualises",
                24052,
                Runtime.getRuntime().availableProcessors(),
                0,
                "the-boot"));
  }

  @Test
  void the_device_alone_is_not_enough() throws IOException {
    write("dev/kvm", "");
    write("proc/cpuinfo", "flags\t\t: fpu sse vmxon\n");

    assertThat(new HostProbe(root).probe())
        .satisfies(facts -> {
          assertThat(facts.kvm()).isFalse();
          assertThat(facts.kvmReason()).contains("neither vmx nor svm");
        });
  }

  @Test
  void no_device_is_said() throws IOException {
    write("proc/cpuinfo", "flags\t\t: svm\n");

    assertThat(new HostProbe(root).probe().kvmReason()).isEqualTo("there is no /dev/kvm");
    assertThat(root.resolve("dev/kvm")).doesNotExist();
  }

  @Test
  void the_clock_is_known_only_where_the_machine_is_a_guest_without_counters() throws IOException {
    write("proc/cpuinfo", "flags\t: fpu hypervisor\ncpu MHz\t\t: 2249.998\n");
    assertThat(new HostProbe(root).probe().clockKhz()).isEqualTo(2_249_998);

    write("proc/cpuinfo", "flags\t: fpu hypervisor aperfmperf\ncpu MHz\t\t: 2249.998\n");
    assertThat(new HostProbe(root).probe().clockKhz()).isZero();

    write("proc/cpuinfo", "flags\t: fpu\ncpu MHz\t\t: 2249.998\n");
    assertThat(new HostProbe(root).probe().clockKhz()).isZero();
  }

  @Test
  void this_machine_can_be_probed() throws IOException {
    HostFacts facts = new HostProbe().probe();

    assertThat(facts.memoryMib()).isGreaterThan(100);
    assertThat(facts.cpuCores()).isPositive();
    assertThat(facts.bootId()).hasSize(36);
  }

  private void write(String path, String content) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.resolveSibling(""));
    Files.writeString(file, content);
  }
}
