package io.volant.vm;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Puts together what a hypervisor needs, from a VM whose steps up to the launch are done. */
final class LaunchSpecs {

  private LaunchSpecs() {}

  static LaunchSpec of(Vm vm, String runDirectory) {
    VmConfig config = vm.config().config();
    Holdings.Sources sources = Objects.requireNonNull(vm.holdings().sources());
    Holdings.Prepared prepared = Objects.requireNonNull(vm.holdings().prepared());
    return new LaunchSpec(
        vm.id(),
        vm.name(),
        runDirectory,
        sources.kernel(),
        prepared.initrd(),
        KernelCommandLine.of(vm),
        config.machine().cpuCores(),
        config.machine().memoryMib(),
        prepared.disks(),
        nic(vm),
        vm.hasAgent());
  }

  private static LaunchSpec.@Nullable Nic nic(Vm vm) {
    return switch (vm.config().config().network()) {
      case BRIDGED -> new LaunchSpec.Nic(vm.id().tapName(), vm.id().macAddress());
      case VSOCK -> null;
    };
  }
}
