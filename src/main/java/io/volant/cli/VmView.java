package io.volant.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.volant.cli.TextTable.Cell;
import java.time.Instant;
import java.util.List;

/** VMs as tables. */
final class VmView {
  private static final List<String> DETAILS =
      List.of(
          "name",
          "id",
          "status",
          "reason",
          "health",
          "plugin",
          "runtime",
          "host",
          "ip_address",
          "mac_address",
          "cpu_cores",
          "memory_mb",
          "kernel_cmdline",
          "pid",
          "serial_socket",
          "boot_ms",
          "created_at",
          "updated_at");

  private VmView() {}

  static void list(JsonNode vms, Terminal terminal, Instant now) {
    TextTable table = new TextTable();
    table.heading("NAME", "STATUS", "HEALTH", "PLUGIN", "ADDRESS", "CPU", "MEMORY", "BOOT", "AGE");
    for (JsonNode vm : vms) {
      table.row(
          List.of(
              text(vm, "name", terminal),
              word(vm, "status", terminal),
              word(vm, "health", terminal),
              text(vm, "plugin", terminal),
              text(vm, "ip_address", terminal),
              text(vm, "cpu_cores", terminal),
              Cell.of(vm.path("memory_mb").asText("-") + " MiB"),
              Cell.of(vm.has("boot_ms") ? vm.path("boot_ms").asText() + " ms" : "-"),
              Cell.of(Age.of(vm.path("created_at").asText(""), now))));
    }
    table.printTo(terminal);
  }

  static void details(JsonNode vm, Terminal terminal) {
    TextTable table = new TextTable();
    for (String field : DETAILS) {
      if (!vm.path(field).asText("").isEmpty()) {
        Cell value =
            field.equals("status") || field.equals("health")
                ? word(vm, field, terminal)
                : text(vm, field, terminal);
        table.row(List.of(Cell.of(field), value));
      }
    }
    JsonNode restart = vm.path("restart");
    for (String field : List.of("policy", "retries", "next_at")) {
      if (restart.has(field)) {
        table.row(List.of(Cell.of("restart." + field), text(restart, field, terminal)));
      }
    }
    JsonNode exit = vm.path("exit");
    for (String field : List.of("reason", "code", "signal", "at")) {
      if (exit.has(field)) {
        table.row(List.of(Cell.of("exit." + field), text(exit, field, terminal)));
      }
    }
    table.printTo(terminal);
    if (!exit.path("console").isEmpty()) {
      terminal.print("exit.console");
      exit.path("console").forEach(line -> terminal.print("  " + terminal.safe(line.asText())));
    }
  }

  private static Cell text(JsonNode vm, String field, Terminal terminal) {
    String text = terminal.safe(vm.path(field).asText(""));
    return Cell.of(text.isEmpty() ? "-" : text);
  }

  private static Cell word(JsonNode vm, String field, Terminal terminal) {
    Cell plain = text(vm, field, terminal);
    return new Cell(plain.text(), terminal.paint(plain.text(), VmState.colourOf(plain.text())));
  }
}
