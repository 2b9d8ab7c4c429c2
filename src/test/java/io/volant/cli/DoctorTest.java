package io.volant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.volant.cli.http.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {

  private static final Map<String, String> ENVIRONMENT =
      Map.of("PATH", "/usr/bin:relative", "VOLANT_HOME", "/srv/volant");

  @TempDir private Path root;

  @Test
  void a_machine_with_nothing_is_told_what_to_install() {
    List<Finding> findings = new HostCheckup(root, ENVIRONMENT).findings();
    assertThat(findings)
        .filteredOn(each -> each.state() == Finding.State.MISSING)
        .extracting(Finding::thing)
        .containsExactly(
            "qemu-system-x86_64", "ip", "nft", "qemu-img", "mkfs.ext4", "mkfs.vfat", "kernel");
    assertThat(findings)
        .extracting(Finding::remedy)
        .contains(
            "modprobe kvm_intel || modprobe kvm_amd",
            "apt-get install qemu-system-x86",
            "apt-get install nftables",
            "VOLANT_HOME=/srv/volant scripts/fetch-kernel",
            "sudo volantd");
  }

  @Test
  void a_machine_that_has_everything_is_well() throws IOException {
    write("dev/kvm", "");
    write("proc/cpuinfo", "flags\t\t: fpu vmx sse\n");
    write("proc/self/status", "CapEff:\t000001ffffffffff\n");
    write("srv/volant/kernels/debian/kernel.properties", "");
    write("sys/class/net/vbr0/mtu", "1500");
    for (String program : List.of("usr/bin/qemu-system-x86_64", "usr/bin/qemu-img", "usr/bin/ip")) {
      executable(program);
    }
    for (String program : List.of("usr/sbin/nft", "sbin/mkfs.ext4", "usr/sbin/mkfs.vfat")) {
      executable(program);
    }
    assertThat(new HostCheckup(root, ENVIRONMENT).findings())
        .allSatisfy(
            each -> assertThat(each.state()).as(each.toString()).isEqualTo(Finding.State.OK));
  }

  @Test
  void a_cpu_that_does_not_virtualise_is_worse_and_not_missing() throws IOException {
    write("dev/kvm", "");
    write("proc/cpuinfo", "flags\t\t: fpu sse\n");
    Finding kvm = new HostCheckup(root, ENVIRONMENT).findings().getFirst();
    assertThat(kvm.state()).isEqualTo(Finding.State.WORSE);
    assertThat(kvm.detail()).contains("neither vmx nor svm");
  }

  @Test
  void a_daemon_that_does_not_answer_is_missing() throws IOException {
    VolarRun run = VolarRun.with(Map.of("VOLANT_API_BASE", "127.0.0.1:1"), false, "doctor");
    assertThat(run.exitCode()).isEqualTo(ExitCode.NOT_READY.number());
    assertThat(run.out())
        .containsPattern("missing +volantd")
        .contains("volantd &", "What mends it");
    assertThat(run.err()).isEmpty();
    VolarRun json =
        VolarRun.with(Map.of("VOLANT_API_BASE", "127.0.0.1:1"), false, "doctor", "-o", "json");
    assertThat(Json.parse(json.out())).hasSize(11);
  }

  @Test
  void a_daemon_that_answers_is_fine() throws IOException {
    try (ScriptedApi api = new ScriptedApi()) {
      api.on("GET /healthz", 200, "{\"status\": \"ok\"}");
      assertThat(VolarRun.of(api, "doctor").out()).contains("answers at " + api.url());
    }
  }

  private void write(String path, String text) throws IOException {
    Files.createDirectories(root.resolve(path).getParent());
    Files.writeString(root.resolve(path), text);
  }

  private void executable(String path) throws IOException {
    write(path, "");
    Files.setPosixFilePermissions(root.resolve(path), PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
