package io.volant.api;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** How busy the host is, read from {@code /proc}; 0 where that does not tell. Blocks shortly. */
final class HostLoad {

  /** What is told; both 0 to 100. */
  record Sample(double cpuPercent, double memoryPercent) {}

  private record Ticks(long busy, long total) {}

  private final Path proc;
  private Ticks before = new Ticks(0, 0);
  private double cpuPercent;

  HostLoad(Path proc) {
    this.proc = proc;
  }

  /** The load since the call before, or since the host was started. */
  synchronized Sample sample() {
    Ticks now = ticks(lines("stat"));
    long total = now.total() - before.total();
    if (total > 0) {
      cpuPercent = percent(now.busy() - before.busy(), total);
      before = now;
    }
    return new Sample(cpuPercent, memoryPercent(lines("meminfo")));
  }

  private static Ticks ticks(List<String> stat) {
    long total = 0;
    long idle = 0;
    if (!stat.isEmpty() && stat.getFirst().startsWith("cpu ")) {
      String[] fields = stat.getFirst().trim().split(" +", -1);
      // user nice system idle iowait irq softirq steal; what follows is counted in user already
      for (int i = 1; i < Math.min(fields.length, 9); i++) {
        long ticks = Math.max(0, QueryReader.digits(fields[i]));
        total += ticks;
        idle += i == 4 || i == 5 ? ticks : 0;
      }
    }
    return new Ticks(total - idle, total);
  }

  private static double memoryPercent(List<String> meminfo) {
    long total = kib(meminfo, "MemTotal:");
    return total == 0 ? 0 : percent(total - kib(meminfo, "MemAvailable:"), total);
  }

  private static long kib(List<String> meminfo, String name) {
    return meminfo.stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(name.length()).replace("kB", "").strip())
        .mapToLong(number -> Math.max(0, QueryReader.digits(number)))
        .findFirst()
        .orElse(0);
  }

  /** With one place after the point. */
  private static double percent(long part, long whole) {
    return Math.clamp(Math.round(1000.0 * part / whole) / 10.0, 0, 100);
  }

  private List<String> lines(String file) {
    try {
      return Files.readAllLines(proc.resolve(file));
    } catch (IOException elsewhere) { // not Linux, or no /proc: then nothing is known
      return List.of();
    }
  }
}
