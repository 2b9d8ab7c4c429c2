package io.volant.vm;

import io.volant.model.Lease;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes the kernel's command line. Nothing secret stands here: every process in the guest can read
 * it. What a machine type needs besides is the driver's to add.
 */
final class KernelCommandLine {

  private static final int ADDRESS_BITS = 32;
  private static final int OCTET = 0xff;

  private KernelCommandLine() {}

  static String of(Vm vm) {
    VmConfig config = vm.config().config();
    List<String> words = new ArrayList<>();
    // reboot=t: a triple fault ends the hypervisor on every machine type, with or without ACPI
    words.addAll(List.of("console=ttyS0", "panic=-1", "reboot=t"));
    words.add(
        switch (config.boot().kind()) {
          case INITRAMFS -> "volant.boot=initramfs";
          case ROOTFS -> "volant.boot=rootfs";
        });
    words.add("volant.plugin=" + config.plugin().name());
    words.add("volant.runtime=" + config.plugin().runtime());
    VmConfig.ApiTarget api = config.api();
    if (api != null && api.host() != null) {
      words.add("volant.api_host=" + api.host());
    }
    if (api != null && api.port() != null) {
      words.add("volant.api_port=" + api.port());
    }
    Lease lease = vm.holdings().lease();
    if (!vm.hasAgent() && lease != null) {
      // no agent sets the address: a kernel that can (ours; Debian's cannot) does it itself
      words.add(address(lease, vm.name()));
    }
    if (!config.machine().kernelCmdline().isBlank()) {
      words.add(config.machine().kernelCmdline().strip());
    }
    return String.join(" ", words);
  }

  private static String address(Lease lease, String hostName) {
    return "ip=%s::%s:%s:%s:eth0:off"
        .formatted(lease.ipAddress(), lease.gateway(), netmask(lease.prefix()), hostName);
  }

  private static String netmask(int prefix) {
    int mask = prefix == 0 ? 0 : -1 << (ADDRESS_BITS - prefix);
    return "%d.%d.%d.%d"
        .formatted(mask >>> 24, mask >>> 16 & OCTET, mask >>> 8 & OCTET, mask & OCTET);
  }
}
