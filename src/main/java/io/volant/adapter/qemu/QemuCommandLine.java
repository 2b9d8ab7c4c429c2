package io.volant.adapter.qemu;

import io.volant.vm.LaunchSpec;
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

  private final LaunchSpec spec;
  private final RunFiles files;
  private final boolean kvm;
  private final List<String> words = new ArrayList<>();

  private QemuCommandLine(LaunchSpec spec, boolean kvm) {
    this.spec = spec;
    this.files = RunFiles.of(spec.runDirectory());
    this.kvm = kvm;
  }

  /**
   * All arguments.
   *
   * @param binary absolute path of QEMU: the first word
   * @param kvm whether the guest runs under KVM
   */
  static List<String> of(String binary, LaunchSpec spec, boolean kvm) {
    return new QemuCommandLine(spec, kvm).build(binary);
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
    link();
    network();
    add("-kernel", spec.kernel().image());
    add("-initrd", spec.initrd());
    // The console and what to do in a panic are in it; QEMU itself adds the virtio-mmio devices.
    add("-append", spec.kernelCommandLine());
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
    add("-cpu", kvm ? "host" : "max");
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
