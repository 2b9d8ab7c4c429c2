package io.volant.vm;

import java.util.ArrayList;
import java.util.List;

/**
 * Writes the kernel's command line. Nothing secret stands here: every process in the guest can read
 * it. What a machine type needs besides is the driver's to add.
 */
final class KernelCommandLine {

  private KernelCommandLine() {}

  static String of(VmConfig config) {
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
    if (!config.machine().kernelCmdline().isBlank()) {
      words.add(config.machine().kernelCmdline().strip());
    }
    return String.join(" ", words);
  }
}
