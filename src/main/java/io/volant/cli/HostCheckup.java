package io.volant.cli;

import io.volant.cli.http.Daemons;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Looks at this machine for what {@code volantd} needs. Changes nothing. */
final class HostCheckup {

  private static final Pattern VIRTUALISES = Pattern.compile("(?m)^flags\\s*:.*\\b(vmx|svm)\\b");
  private static final Pattern CAPABILITIES = Pattern.compile("(?m)^CapEff:\\s*([0-9a-f]{1,16})$");
  private static final int NET_ADMIN_BIT = 12;
  private static final int TEXT_BYTES_MAX = 1 << 20;

  /** Where the programs of an administrator are, also where the PATH of a user lacks it. */
  private static final List<String> ALWAYS = List.of("/usr/local/sbin", "/usr/sbin", "/sbin");

  /** A program, and the package of Debian that has it. */
  private record Program(String name, String packageName, String purpose) {}

  private static final List<Program> PROGRAMS =
      List.of(
          new Program("qemu-system-x86_64", "qemu-system-x86", "runs the VMs"),
          new Program("ip", "iproute2", "makes the bridge and the taps"),
          new Program("nft", "nftables", "lets the VMs reach the network"),
          new Program("qemu-img", "qemu-utils", "makes the disks of VMs"),
          new Program("mkfs.ext4", "e2fsprogs", "makes the overlays of root file systems"),
          new Program("mkfs.vfat", "dosfstools", "makes the seeds of cloud-init"));

  private final Path root;
  private final Map<String, String> environment;

  /**
   * A checkup.
   *
   * @param root {@code /}, or what looks like it in a test
   */
  HostCheckup(Path root, Map<String, String> environment) {
    this.root = root;
    this.environment = environment;
  }

  /** All that was found, in the order in which it is needed. */
  List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    findings.add(kvm());
    PROGRAMS.forEach(program -> findings.add(program(program)));
    findings.add(kernel());
    findings.add(permissions());
    findings.add(bridge());
    return findings;
  }

  private Finding kvm() {
    Path device = under("/dev/kvm");
    String slow = "; VMs are emulated, and slow";
    if (!Files.exists(device)) {
      return Finding.worse(
          "KVM", "there is no /dev/kvm" + slow, "modprobe kvm_intel || modprobe kvm_amd");
    }
    if (!Files.isReadable(device) || !Files.isWritable(device)) {
      return Finding.worse(
          "KVM", "no permission for /dev/kvm" + slow, "adduser $USER kvm   # and log in again");
    }
    if (!VIRTUALISES.matcher(text("/proc/cpuinfo")).find()) {
      return Finding.worse(
          "KVM",
          "the CPU shows neither vmx nor svm" + slow,
          "# switch virtualisation on in the BIOS");
    }
    return Finding.fine("KVM", "/dev/kvm can be used");
  }

  private Finding program(Program program) {
    Optional<Path> found =
        Stream.concat(
                Arrays.stream(environment.getOrDefault("PATH", "").split(":", -1)), ALWAYS.stream())
            .filter(folder -> folder.startsWith("/"))
            .map(folder -> Path.of(folder, program.name()))
            .filter(path -> Files.isExecutable(under(path.toString())))
            .findFirst();
    return found
        .map(path -> Finding.fine(program.name(), path.toString()))
        .orElseGet(() ->
            Finding.missing(
                program.name(),
                "is not installed; it " + program.purpose(),
                "apt-get install " + program.packageName()));
  }

  /** Where the daemon of this user keeps its things. */
  Path home() {
    String user = environment.getOrDefault("HOME", "");
    return Daemons.namedHome(environment)
        .orElse(isRoot() || user.isEmpty() ? Path.of("/var/lib/volant") : Path.of(user, ".volant"));
  }

  /** As the kernel sees it: USER may be unset, or somebody else's after su. */
  private boolean isRoot() {
    try {
      return Integer.valueOf(0).equals(Files.getAttribute(root.resolve("proc/self"), "unix:uid"));
    } catch (IOException | UnsupportedOperationException unknown) {
      return environment.getOrDefault("USER", "").equals("root");
    }
  }

  private Finding kernel() {
    Path shelf = home().resolve("kernels");
    if (!Files.isReadable(under(shelf.toString())) && Files.exists(under(shelf.toString()))) {
      return Finding.worse("kernel", shelf + " cannot be read by this user", "");
    }
    try (DirectoryStream<Path> kernels = Files.newDirectoryStream(under(shelf.toString()))) {
      for (Path kernel : kernels) {
        if (Files.exists(kernel.resolve("kernel.properties"))) {
          return Finding.fine("kernel", shelf.resolve(kernel.getFileName().toString()).toString());
        }
      }
    } catch (IOException none) {
      // told below
    }
    return Finding.missing(
        "kernel", shelf + " has no kernel", "VOLANT_HOME=" + home() + " scripts/fetch-kernel");
  }

  private Finding permissions() {
    Matcher matcher = CAPABILITIES.matcher(text("/proc/self/status"));
    boolean netAdmin =
        matcher.find()
            && (Long.parseUnsignedLong(matcher.group(1), 16) & (1L << NET_ADMIN_BIT)) != 0;
    return netAdmin
        ? Finding.fine("permissions", "this user may change the network")
        : Finding.worse(
            "permissions",
            "this user may not change the network; only VMs without one can run under it",
            "sudo volantd");
  }

  private Finding bridge() {
    String name = environment.getOrDefault("VOLANT_BRIDGE", "");
    String bridge = name.isEmpty() ? "vbr0" : name;
    return Files.exists(under("/sys/class/net/" + bridge.replace("/", "_")))
        ? Finding.fine("bridge", bridge + " is there")
        : Finding.worse("bridge", bridge + " is not there; volantd makes it when it starts", "");
  }

  private Path under(String absolute) {
    return root.resolve(absolute.substring(1));
  }

  private String text(String absolute) {
    try (var in = Files.newInputStream(under(absolute))) {
      return new String(in.readNBytes(TEXT_BYTES_MAX), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      return "";
    }
  }
}
