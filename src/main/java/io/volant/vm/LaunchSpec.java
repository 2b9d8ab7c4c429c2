package io.volant.vm;

import io.volant.model.VmId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that a hypervisor needs to start a VM.
 *
 * @param vmId the VM
 * @param name its name, for process titles
 * @param runDirectory absolute path of the VM's own folder (0700), for sockets and logs
 * @param kernel the kernel to boot
 * @param initrd absolute path of the assembled initramfs
 * @param kernelCommandLine without what the driver itself must add
 * @param cpuCores 1 or more
 * @param memoryMib 1 or more
 * @param nic the network card; null: none
 * @param hasAgent whether PID 1 will be kestrel, so that a link is wanted
 */
public record LaunchSpec(
    VmId vmId,
    String name,
    String runDirectory,
    Kernel kernel,
    String initrd,
    String kernelCommandLine,
    int cpuCores,
    int memoryMib,
    @Nullable Nic nic,
    boolean hasAgent) {

  /** A network card: the tap on the host, the MAC that the guest sees. */
  public record Nic(String tap, String mac) {}

  /**
   * A bootable kernel.
   *
   * @param name name of its directory
   * @param image absolute path of the image
   * @param virtioMmio whether it finds virtio-mmio devices on its command line (our own does; the
   *     distribution's needs PCI)
   * @param modules guest paths of the modules that it needs, in load order
   * @param modulesSegment absolute path of the cpio that holds them; null: none
   */
  public record Kernel(
      String name,
      String image,
      boolean virtioMmio,
      List<String> modules,
      @Nullable String modulesSegment) {

    public Kernel {
      modules = List.copyOf(modules);
    }
  }
}
