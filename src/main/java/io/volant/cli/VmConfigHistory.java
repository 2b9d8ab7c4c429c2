package io.volant.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.volant.cli.http.ApiPath;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "history", description = "Lists every config that a VM had, the newest first.")
final class VmConfigHistory implements Callable<Integer> {
  private final Session session;

  @Parameters(paramLabel = "NAME", description = "The VM.")
  private String name = "";

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "The newest so many (1 to 1000, default ${DEFAULT-VALUE}).")
  private int limit = 100;

  @Option(names = "--deleted", description = "Also of a VM that was deleted.")
  private boolean deleted;

  VmConfigHistory(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws Exception {
    ApiPath path = ApiPath.of("vms", name, "config", "history").with("limit", limit);
    JsonNode history = session.api().get(deleted ? path.with("deleted", "true") : path).body();
    Terminal terminal = session.terminal();
    if (session.wantsJson()) {
      terminal.printJson(history);
      return ExitCode.OK.number();
    }
    TextTable table = new TextTable().heading("VERSION", "SINCE", "BY", "CHANGED");
    for (int i = 0; i < history.size(); i++) {
      JsonNode entry = history.get(i);
      table.row(
          entry.path("version").asText("-"),
          entry.path("updated_at").asText("-"),
          terminal.safe(entry.path("by").asText("-")),
          terminal.safe(changed(entry, history.path(i + 1))));
    }
    table.printTo(terminal);
    return ExitCode.OK.number();
  }

  private static String changed(JsonNode entry, JsonNode before) {
    if (before.isMissingNode()) {
      return "-";
    }
    JsonNode now = entry.path("config");
    JsonNode was = before.path("config");
    Set<String> fields = new TreeSet<>();
    now.fieldNames().forEachRemaining(fields::add);
    was.fieldNames().forEachRemaining(fields::add);
    fields.removeIf(field -> now.path(field).equals(was.path(field)));
    return String.join(", ", fields);
  }
}
