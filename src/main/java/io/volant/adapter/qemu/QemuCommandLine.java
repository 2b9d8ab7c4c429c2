package io.volant.adapter.qemu;

import io.volant.vm.LaunchSpec;
import io.volant.vm.VirtioSlots;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The arguments of a VM's QEMU. Pure: the same VM gives the same words.
 *
 * <p>Two machines. Our own kernel finds virtio devices that its command line names, and boots on
 * {@code microvm} without ACPI (with ACPI, under TCG, many boots wait for ever for a timer tick).
 * The distribution's kernel needs PCI and ACPI: {@code q35}.
 */
final class QemuCommandLine {

  private static final String LINK_PORT = "volant.kestrel";

  /** On microvm, where slots count down from 7 (see {@link VirtioSlots}). */
  private static final int FIRST_DISK_SLOT = 6;

  private final LaunchSpec spec;
  private final RunFiles files;
  private final boolean kvm;
  private final long hostClockKhz;
  private final List<String> words = new ArrayList<>();

  private QemuCommandLine(LaunchSpec spec, boolean kvm, long hostClockKhz) {
    this.spec = spec;
    this.files = RunFiles.of(spec.runDirectory());
    this.kvm = kvm;
    this.hostClockKhz = hostClockKhz;
  }

  /**
   * All arguments.
   *
   * @param binary absolute path of QEMU: the first word
   * @param kvm whether the guest runs under KVM
   * @param hostClockKhz as in {@link QemuSettings}
   */
  static List<String> of(String binary, LaunchSpec spec, boolean kvm, long hostClockKhz) {
    String problem = VirtioSlots.problem(spec);
    if (problem != null) {
      throw new IllegalArgumentException(problem);
    }
    return new QemuCommandLine(spec, kvm, hostClockKhz).build(binary);
  }

  /** Whether a process with these arguments is the QEMU of the VM with this run directory. */
  static boolean belongsTo(List<String> arguments, RunFiles files) {
    // Both words, one after the other: an editor or a tail with the same file open is not ours.
    return IntStream.range(0, arguments.size() - 1)
        .anyMatch(index ->
            arguments.get(index).equals("-pidfile")
                && arguments.get(index + 1).equals(files.pidFile().toString()));
  }

  private List<String> build(String binary) {
    words.add(binary);
    identity();
    machine();
    control();
    console();
    disks();
    link();
    network();
    add("-kernel", spec.kernel().image());
    add("-initrd", spec.initrd());
    add("-append", kernelWords());
    return List.copyOf(words);
  }

  private void identity() {
    add("-name", "volant-%s,process=%s".formatted(spec.vmId(), escaped("volant:" + spec.name())));
    // Nothing but what is asked for here: no default devices, no files of the administrator.
    add("-nodefaults");
    add("-no-user-config");
    add("-display", "none");
    // A guest without ACPI ends by a reset; and a crashed kernel must not boot again unseen.
    add("-no-reboot");
    // A QEMU taken over by its guest can start no program and gain no right. (Snapshots must
    // therefore migrate to a descriptor, not through "exec:".)
    add("-sandbox", "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny");
    add("-pidfile", files.pidFile().toString());
  }

  private void machine() {
    add("-machine", spec.kernel().virtioMmio() ? "microvm,acpi=off,rtc=on" : "q35");
    add("-accel", kvm ? "kvm" : "tcg");
    // Without erms the kernel does not clear memory byte by byte, which is how TCG runs that
    // instruction.
    add("-cpu", kvm ? "host" : "max,erms=off");
    add("-smp", Integer.toString(spec.cpuCores()));
    add("-m", spec.memoryMib() + "M");
    add("-device", "virtio-rng-" + bus());
  }

  private void control() {
    add("-chardev", "socket,id=qmp,path=" + escaped(files.qmpSocket()) + ",server=on,wait=off");
    add("-mon", "chardev=qmp,mode=control");
  }

  private void console() {
    // Appended to, so that the daemon can cut the log off while QEMU has it open (see RunLog).
    add(
        "-chardev",
        "socket,id=console,path="
            + escaped(files.consoleSocket())
            + ",server=on,wait=off,logfile="
            + escaped(files.consoleLog())
            + ",logappend=on");
    add("-serial", "chardev:console");
  }

  private void disks() {
    List<LaunchSpec.BlockDevice> disks = spec.disks();
    for (int i = 0; i < disks.size(); i++) {
      LaunchSpec.BlockDevice disk = disks.get(i);
      String node = "disk" + i;
      add("-blockdev", BlockNode.of(disk, node));
      // QEMU names the last slot first on the kernel's command line, and a kernel numbers disks as
      // it finds them there. The random numbers have the last slot, the disks those before it.
      String slot =
          spec.kernel().virtioMmio() ? ",bus=virtio-mmio-bus." + (FIRST_DISK_SLOT - i) : "";
      add(
          "-device",
          "virtio-blk-" + bus() + ",drive=" + node + ",serial=" + escaped(disk.serial()) + slot);
    }
  }

  private void link() {
    if (!spec.hasAgent()) {
      return;
    }
    add("-device", "virtio-serial-" + bus());
    add("-chardev", "socket,id=link,path=" + escaped(files.linkSocket()) + ",server=on,wait=off");
    add("-device", "virtserialport,chardev=link,name=" + LINK_PORT);
  }

  private void network() {
    LaunchSpec.Nic nic = spec.nic();
    if (nic == null) {
      return;
    }
    add("-netdev", "tap,id=net0,ifname=" + escaped(nic.tap()) + ",script=no,downscript=no");
    // No boot from the network, so no ROM for it.
    String rom = spec.kernel().virtioMmio() ? "" : ",romfile=";
    add("-device", "virtio-net-" + bus() + ",netdev=net0,mac=" + escaped(nic.mac()) + rom);
  }

  /**
   * The words that each machine needs, before those of the VM, so that the VM's win. The reasons
   * for each, and the measurements, are in kestrel/kernel/README.md. QEMU itself adds the
   * virtio-mmio devices.
   */
  private String kernelWords() {
    List<String> kernelWords = new ArrayList<>();
    kernelWords.add("quiet");
    boolean microvm = spec.kernel().virtioMmio();
    kernelWords.addAll(
        microvm ? List.of("acpi=off", "pci=off") : List.of("cryptomgr.notests", "8250.nr_uarts=1"));
    if (!kvm) {
      kernelWords.addAll(List.of("tsc=reliable", "no_timer_check", "noreplace-smp"));
    }
    if (!kvm && microvm && hostClockKhz > 0) {
      // Else the kernel measures its clock against a timer chip, which fails on a busy host.
      kernelWords.add("tsc_early_khz=" + hostClockKhz);
    }
    if (!kvm && microvm && spec.cpuCores() == 1) {
      kernelWords.add("nolapic_timer");
    }
    kernelWords.add(spec.kernelCommandLine());
    return String.join(" ", kernelWords);
  }

  private String bus() {
    return spec.kernel().virtioMmio() ? "device" : "pci";
  }

  private void add(String... more) {
    words.addAll(List.of(more));
  }

  private static String escaped(Path path) {
    return escaped(path.toString());
  }

  /** QEMU splits option lists at commas; a doubled one stands for itself. */
  private static String escaped(String value) {
    return value.replace(",", ",,");
  }
}
