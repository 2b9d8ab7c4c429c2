package io.volant.adapter.linux;

import io.volant.metrics.VmUsageProbe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A process's use as {@code /proc} shows it, and its tap's as {@code /sys/class/net} does. */
public final class ProcVmUsage implements VmUsageProbe {

  /** After the name in parentheses: user time and system time are the 12th and 13th field. */
  private static final int USER_TICKS_INDEX = 11;

  /** Linux tells user space clock ticks of this length on every machine, whatever its own are. */
  private static final double TICKS_PER_SECOND = 100;

  private static final long PAGE_BYTES = 4_096;

  private final Path proc;
  private final Path net;

  /** Of this host. */
  public ProcVmUsage() {
    this(Path.of("/proc"), Path.of("/sys/class/net"));
  }

  ProcVmUsage(Path proc, Path net) {
    this.proc = proc;
    this.net = net;
  }

  @Override
  public Optional<Usage> of(long pid, String tap) {
    try {
      Path process = proc.resolve(Long.toString(pid));
      String stat = read(process.resolve("stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
      long ticks =
          Long.parseLong(fields[USER_TICKS_INDEX]) + Long.parseLong(fields[USER_TICKS_INDEX + 1]);
      long pages = Long.parseLong(read(process.resolve("statm")).split(" ", -1)[1]);
      return Optional.of(
          new Usage(
              ticks / TICKS_PER_SECOND,
              pages * PAGE_BYTES,
              // what the host sends into the tap, the guest receives
              counter(tap, "tx_bytes"),
              counter(tap, "rx_bytes")));
    } catch (IOException | NumberFormatException | IndexOutOfBoundsException gone) {
      return Optional.empty();
    }
  }

  private long counter(String tap, String name) {
    if (tap.isEmpty()) {
      return 0;
    }
    try {
      return Long.parseLong(read(net.resolve(tap).resolve("statistics").resolve(name)).strip());
    } catch (IOException | NumberFormatException gone) {
      return 0;
    }
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.US_ASCII);
  }
}
