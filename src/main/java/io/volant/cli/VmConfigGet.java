package io.volant.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "get", description = "Shows a VM's config, the newest version.")
final class VmConfigGet implements Callable<Integer> {
  private final Session session;

  @Parameters(paramLabel = "NAME", description = "The VM.")
  private String name = "";

  VmConfigGet(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws Exception {
    JsonNode config = session.api().get(VmConfigChange.path(name)).body();
    Terminal terminal = session.terminal();
    if (session.wantsJson()) {
      terminal.printJson(config);
      return ExitCode.OK.number();
    }
    TextTable table = new TextTable();
    for (String field : new String[] {"version", "running_version", "updated_at"}) {
      if (config.has(field)) {
        table.row(field, terminal.safe(config.path(field).asText()));
      }
    }
    rows("", config.path("config"), table, terminal);
    table.printTo(terminal);
    return ExitCode.OK.number();
  }

  private static void rows(String prefix, JsonNode node, TextTable table, Terminal terminal) {
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      String key = prefix + field.getKey();
      JsonNode value = field.getValue();
      if (value.isObject()) {
        rows(key + ".", value, table, terminal);
      } else {
        String text = value.isValueNode() ? value.asText() : value.toString();
        table.row(terminal.safe(key), text.isEmpty() ? "-" : terminal.safe(text));
      }
    }
  }
}
