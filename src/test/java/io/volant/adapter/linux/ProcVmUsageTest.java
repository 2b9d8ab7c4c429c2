package io.volant.adapter.linux;

import static org.assertj.core.api.Assertions.assertThat;

import io.volant.metrics.VmUsageProbe.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcVmUsageTest {

  @TempDir private Path root;

  @Test
  void numbers_are_those_of_proc_and_of_the_tap_seen_from_the_guest() throws IOException {
    write("proc/7/stat", "7 (qemu) x) S 1 7 7 0 -1 4194560 1 0 0 0 120 30 0 0 20 0 3 0 99 1 1\n");
    write("proc/7/statm", "100 20 3 4 0 5 0\n");
    write("net/vt7/statistics/rx_bytes", "11\n");
    write("net/vt7/statistics/tx_bytes", "22\n");

    ProcVmUsage usage = new ProcVmUsage(root.resolve("proc"), root.resolve("net"));

    assertThat(usage.of(7, "vt7")).contains(new Usage(1.5, 20 * 4_096, 22, 11));
    assertThat(usage.of(7, "")).contains(new Usage(1.5, 20 * 4_096, 0, 0));
    assertThat(usage.of(7, "gone")).contains(new Usage(1.5, 20 * 4_096, 0, 0));
    assertThat(usage.of(8, "vt7")).isEmpty();
  }

  @Test
  void this_process_uses_something() {
    Usage own = new ProcVmUsage().of(ProcessHandle.current().pid(), "lo").orElseThrow();
    assertThat(own.residentBytes()).isPositive();
    assertThat(own.cpuSeconds()).isPositive();
  }

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }
}
