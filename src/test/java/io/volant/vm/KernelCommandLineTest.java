package io.volant.vm;

import static org.assertj.core.api.Assertions.assertThat;

import io.volant.vm.VmConfig.ApiTarget;
import io.volant.vm.VmConfig.BootMedium;
import io.volant.vm.VmConfig.NetworkMode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelCommandLineTest {

  private static final String ALWAYS = "console=ttyS0 panic=-1 reboot=t ";
  private static final String PLUGIN = " volant.plugin=hello volant.runtime=runtime";

  @Test
  void it_names_the_boot_medium_and_the_plugin() {
    assertThat(line(BootMedium.Kind.INITRAMFS, null, ""))
        .isEqualTo(ALWAYS + "volant.boot=initramfs" + PLUGIN);
    assertThat(line(BootMedium.Kind.ROOTFS, null, ""))
        .isEqualTo(ALWAYS + "volant.boot=rootfs" + PLUGIN);
  }

  @Test
  void it_tells_where_the_api_is_as_far_as_that_is_known() {
    String start = ALWAYS + "volant.boot=initramfs" + PLUGIN;
    assertThat(line(BootMedium.Kind.INITRAMFS, new ApiTarget("10.0.0.1", 7_777), ""))
        .isEqualTo(start + " volant.api_host=10.0.0.1 volant.api_port=7777");
    assertThat(line(BootMedium.Kind.INITRAMFS, new ApiTarget("10.0.0.1", null), ""))
        .isEqualTo(start + " volant.api_host=10.0.0.1");
    assertThat(line(BootMedium.Kind.INITRAMFS, new ApiTarget(null, 7_777), ""))
        .isEqualTo(start + " volant.api_port=7777");
  }

  @ParameterizedTest
  @ValueSource(strings = {"quiet loglevel=3", "  quiet loglevel=3\n"})
  void the_users_words_come_last_so_that_they_win(String words) {
    assertThat(line(BootMedium.Kind.INITRAMFS, new ApiTarget(null, 7_777), words))
        .endsWith(" volant.api_port=7777 quiet loglevel=3");
  }

  @Test
  void nothing_of_the_workloads_environment_stands_there() {
    assertThat(line(BootMedium.Kind.INITRAMFS, null, "")).doesNotContain("2=3", "/bin/httpd");
  }

  @Test
  void a_kernel_sets_the_address_itself_where_no_agent_does() {
    assertThat(KernelCommandLine.of(leased(false)))
        .endsWith(PLUGIN + " ip=10.0.0.2::10.0.0.1:255.255.255.0:web:eth0:off");
    assertThat(KernelCommandLine.of(leased(true))).doesNotContain("ip=");
    assertThat(KernelCommandLine.of(VmSamples.created(VmSamples.config(NetworkMode.VSOCK, false))))
        .doesNotContain("ip=");
  }

  private static Vm leased(boolean agent) {
    Vm vm = VmSamples.created(VmSamples.config(NetworkMode.BRIDGED, agent));
    return VmSamples.apply(
        vm, Decision.facts(s -> new VmEvent.AddressLeased(s, 1, VmSamples.LEASE)));
  }

  /** The sample, whose environment has {@code B=2=3}, with these parts. */
  private static String line(BootMedium.Kind kind, @Nullable ApiTarget api, String words) {
    VmConfig sample = VmSamples.config(NetworkMode.BRIDGED, true);
    return KernelCommandLine.of(
        VmSamples.created(
            new VmConfig(
                sample.plugin(),
                new VmConfig.Machine(1, 64, null, words),
                new BootMedium(kind, sample.boot().url(), sample.boot().artifact(), null),
                List.of(),
                null,
                sample.workload(),
                sample.network(),
                api)));
  }
}
