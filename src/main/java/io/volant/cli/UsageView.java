package io.volant.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.StreamSupport;

/** What VMs used between two looks, as a table: the busiest first. */
final class UsageView {

  private static final long MIB = 1 << 20;
  private static final String[] UNITS = {"B/s", "KB/s", "MB/s", "GB/s"};

  private final List<Row> rows;

  /**
   * A line.
   *
   * @param cpuPercent of one core
   */
  private record Row(
      JsonNode vm, double cpuPercent, double receivedPerSecond, double sentPerSecond) {}

  /** What was used between two answers of {@code /system/usage}. */
  UsageView(JsonNode before, JsonNode now) {
    Map<String, JsonNode> earlier = new HashMap<>();
    before.path("vms").forEach(vm -> earlier.put(vm.path("name").asText(""), vm));
    double seconds = secondsBetween(before, now);
    this.rows =
        StreamSupport.stream(now.path("vms").spliterator(), false)
            .map(vm -> row(vm, earlier.getOrDefault(vm.path("name").asText(""), vm), seconds))
            .sorted(
                Comparator.comparingDouble((Row row) -> -row.cpuPercent())
                    .thenComparing(row -> row.vm().path("name").asText("")))
            .toList();
  }

  int size() {
    return rows.size();
  }

  void print(Terminal terminal, int rowsMax) {
    TextTable table = new TextTable();
    table.heading("NAME", "STATUS", "CPU", "CORES", "MEMORY", "OF", "RECEIVES", "SENDS");
    for (Row row : rows.subList(0, Math.min(rowsMax, rows.size()))) {
      JsonNode vm = row.vm();
      String status = vm.path("status").asText("");
      table.row(
          List.of(
              TextTable.Cell.of(terminal.safe(vm.path("name").asText(""))),
              new TextTable.Cell(status, terminal.paint(status, VmState.colourOf(status))),
              TextTable.Cell.of(String.format(Locale.ROOT, "%.1f %%", row.cpuPercent())),
              TextTable.Cell.of(vm.path("cpu_cores").asText("-")),
              TextTable.Cell.of(vm.path("resident_bytes").asLong() / MIB + " MiB"),
              TextTable.Cell.of(vm.path("memory_mb").asText("-") + " MiB"),
              TextTable.Cell.of(rate(row.receivedPerSecond())),
              TextTable.Cell.of(rate(row.sentPerSecond()))));
    }
    table.printTo(terminal);
  }

  /** A process that began between the looks has counted from 0 again. */
  private static Row row(JsonNode vm, JsonNode earlier, double seconds) {
    return new Row(
        vm,
        100 * perSecond(vm, earlier, "cpu_seconds", seconds),
        perSecond(vm, earlier, "received_bytes", seconds),
        perSecond(vm, earlier, "sent_bytes", seconds));
  }

  private static double perSecond(JsonNode vm, JsonNode earlier, String field, double seconds) {
    double used = vm.path(field).asDouble() - earlier.path(field).asDouble();
    return seconds > 0 ? Math.max(0, used) / seconds : 0;
  }

  private static double secondsBetween(JsonNode before, JsonNode now) {
    try {
      Instant from = Instant.parse(before.path("at").asText(""));
      return Duration.between(from, Instant.parse(now.path("at").asText(""))).toNanos() / 1e9;
    } catch (DateTimeParseException odd) {
      return 0;
    }
  }

  private static String rate(double bytesPerSecond) {
    double value = bytesPerSecond;
    int unit = 0;
    while (value >= 1_000 && unit < UNITS.length - 1) {
      value /= 1_000;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, UNITS[unit]);
  }
}
