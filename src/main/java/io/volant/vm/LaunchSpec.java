package io.volant.vm;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.volant.artifact.DiskFormat;
import io.volant.model.VmId;
import java.util.List;
import java.util.Objects;
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
 * @param disks in the order in which the guest should find them
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
    List<BlockDevice> disks,
    @Nullable Nic nic,
    boolean hasAgent) {

  public LaunchSpec {
    disks = List.copyOf(disks);
  }

  /** A network card: the tap on the host, the MAC that the guest sees. */
  public record Nic(String tap, String mac) {}

  /**
   * A disk of the guest's.
   *
   * @param serial by which the guest finds it, 1 to 20 characters
   * @param path absolute path of the file
   * @param format of the file
   * @param readOnly whether the guest may not write
   * @param base what a qcow2 has below it; null: nothing, whatever the file itself says
   */
  public record BlockDevice(
      String serial,
      String path,
      DiskFormat format,
      boolean readOnly,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Base base) {}

  /** A file of the store, below a disk; never written to. */
  public record Base(String path, DiskFormat format) {}

  /**
   * A bootable kernel.
   *
   * @param name name of its directory
   * @param image absolute path of the image
   * @param virtioMmio whether it finds virtio-mmio devices on its command line (our own does; the
   *     distribution's needs PCI)
   * @param modules guest paths of the modules that it needs, in load order
   * @param modulesSegment absolute path of the cpio that holds them; null: none
   * @param groups modules that only some guests need, in load order
   */
  public record Kernel(
      String name,
      String image,
      boolean virtioMmio,
      List<String> modules,
      @Nullable String modulesSegment,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<ModuleGroup> groups) {

    public Kernel {
      modules = List.copyOf(modules);
      groups = List.copyOf(Objects.requireNonNullElse(groups, List.of()));
    }
  }

  /**
   * Modules that only some guests need.
   *
   * @param need what for
   * @param modules their guest paths, in load order
   * @param segment absolute path of the cpio that holds them
   */
  public record ModuleGroup(Need need, List<String> modules, String segment) {

    /** What modules are needed for; in load order. */
    public enum Need {
      /** A root file system, or any disk. */
      ROOTFS,
      XFS,
      BTRFS
    }

    public ModuleGroup {
      modules = List.copyOf(modules);
    }
  }
}
