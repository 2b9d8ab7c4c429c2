package io.volant.adapter.linux;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks at what this machine has. Reads a few small files: for the start of the daemon. */
public final class HostProbe {

  private static final Pattern HARDWARE_VIRTUALISATION = Pattern.compile("\\b(vmx|svm)\\b");
  private static final Pattern CPU_FLAGS = Pattern.compile("(?m)^flags\\s*:(.*)$");
  private static final Pattern CPU_MHZ = Pattern.compile("(?m)^cpu MHz\\s*:\\s*(\\d{1,6}\\.\\d+)$");
  private static final long KIB_PER_MIB = 1024;
  private static final long KHZ_PER_MHZ = 1000;

  /**
   * What the machine has.
   *
   * @param kvm whether guests can run on the CPU itself
   * @param kvmReason why, or why not, for people
   * @param memoryMib all memory of the machine
   * @param cpuCores cores that this process may use
   * @param clockKhz frequency of the processor's time stamp counter, or 0 where the machine does
   *     not say it for sure
   * @param bootId the host's boot; pids mean something only within one
   */
  public record HostFacts(
      boolean kvm, String kvmReason, long memoryMib, int cpuCores, long clockKhz, String bootId) {}

  private final Path root;

  /** Probes this machine. */
  public HostProbe() {
    this(Path.of("/"));
  }

  /** Probes what looks like a machine below {@code root}, for tests. */
  HostProbe(Path root) {
    this.root = root;
  }

  /**
   * Looks once.
   *
   * @throws IOException if /proc cannot be read
   */
  public HostFacts probe() throws IOException {
    String kvmProblem = kvmProblem();
    return new HostFacts(
        kvmProblem.isEmpty(),
        kvmProblem.isEmpty() ? "/dev/kvm opens and the CPU virtualises" : kvmProblem,
        memoryMib(),
        Runtime.getRuntime().availableProcessors(),
        clockKhz(),
        Files.readString(root.resolve("proc/sys/kernel/random/boot_id")).strip());
  }

  private String kvmProblem() throws IOException {
    try (FileChannel device =
        FileChannel.open(
            root.resolve("dev/kvm"), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      // Both are needed: there are machines with the device and without the CPU's support, where
      // a guest under KVM never gets anywhere.
      return device.isOpen() && HARDWARE_VIRTUALISATION.matcher(cpuInfo()).find()
          ? ""
          : "/dev/kvm opens, but /proc/cpuinfo shows neither vmx nor svm";
    } catch (NoSuchFileException e) {
      return "there is no /dev/kvm";
    } catch (AccessDeniedException e) {
      return "no permission for /dev/kvm (on Debian: adduser USER kvm, and log in again)";
    } catch (IOException e) {
      return "/dev/kvm does not open: " + e.getMessage();
    }
  }

  /**
   * On a machine that is itself a guest without frequency counters, the "cpu MHz" is the counter's
   * frequency. Elsewhere it is the core's frequency of the moment, and worth nothing here.
   */
  private long clockKhz() throws IOException {
    String cpus = cpuInfo();
    Matcher flags = CPU_FLAGS.matcher(cpus);
    Matcher frequency = CPU_MHZ.matcher(cpus);
    if (!flags.find() || !frequency.find()) {
      return 0;
    }
    List<String> words = List.of(flags.group(1).strip().split("\\s+", -1));
    return words.contains("hypervisor") && !words.contains("aperfmperf")
        ? Math.round(Double.parseDouble(frequency.group(1)) * KHZ_PER_MHZ)
        : 0;
  }

  private String cpuInfo() throws IOException {
    return Files.readString(root.resolve("proc/cpuinfo"), StandardCharsets.UTF_8);
  }

  private long memoryMib() throws IOException {
    List<String> lines = Files.readAllLines(root.resolve("proc/meminfo"));
    for (String line : lines) {
      if (line.startsWith("MemTotal:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) / KIB_PER_MIB;
      }
    }
    throw new IOException("/proc/meminfo has no line MemTotal");
  }
}
