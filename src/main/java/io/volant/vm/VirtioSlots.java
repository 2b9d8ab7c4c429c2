package io.volant.vm;

import org.jspecify.annotations.Nullable;

/**
 * How many devices a machine has room for. A kernel that finds its devices on its command line runs
 * on QEMU's {@code microvm}, which has 8 slots for them as long as it has no ACPI.
 */
public final class VirtioSlots {

  private static final int MICROVM_SLOTS = 8;

  private VirtioSlots() {}

  /** Why a machine with this kernel has no room for what is asked, for people; null: it has. */
  public static @Nullable String problem(LaunchSpec spec) {
    return problem(spec.kernel(), needed(spec.hasAgent(), spec.nic() != null, spec.disks().size()));
  }

  /** The same of a VM that there is not yet. */
  public static @Nullable String problem(VmConfig config, LaunchSpec.Kernel kernel) {
    return problem(kernel, needed(config));
  }

  /** Whether any machine has room for a VM with this config. */
  public static boolean fitsAll(VmConfig config) {
    return needed(config) <= MICROVM_SLOTS;
  }

  private static int needed(VmConfig config) {
    boolean nic = config.network() == VmConfig.NetworkMode.BRIDGED;
    return needed(config.workload().agent(), nic, DiskPlan.count(config));
  }

  /** Each disk is a device; and there is one for random numbers. */
  private static int needed(boolean agent, boolean nic, int disks) {
    return 1 + (agent ? 1 : 0) + (nic ? 1 : 0) + disks;
  }

  private static @Nullable String problem(LaunchSpec.Kernel kernel, int needed) {
    return !kernel.virtioMmio() || needed <= MICROVM_SLOTS
        ? null
        : "needs "
            + needed
            + " devices, and the machine of the kernel \""
            + kernel.name()
            + "\" has room for "
            + MICROVM_SLOTS
            + "; take the kernel \"debian-cloud\" for it (kernel_override), or fewer disks";
  }
}
