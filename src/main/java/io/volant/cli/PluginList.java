package io.volant.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.volant.cli.http.ApiPath;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "list", aliases = "ls", description = "Lists the installed plugins.")
final class PluginList implements Callable<Integer> {
  private final Session session;

  PluginList(Session session) {
    this.session = session;
  }

  /** The list of the API has names only; the table takes the summary, which says more. */
  @Override
  public Integer call() throws Exception {
    if (session.wantsJson()) {
      session.terminal().printJson(session.api().get(ApiPath.of("plugins")).body());
      return ExitCode.OK.number();
    }
    if (session.wantsNames()) {
      JsonNode names = session.api().get(ApiPath.of("plugins")).body().path("plugins");
      names.forEach(name -> session.terminal().print(session.terminal().safe(name.asText(""))));
      return ExitCode.OK.number();
    }
    TextTable table = new TextTable().heading("NAME", "VERSION", "ENABLED");
    JsonNode summary = session.api().get(ApiPath.of("system", "summary")).body();
    for (JsonNode plugin : summary.path("plugins")) {
      String enabled = plugin.path("enabled").asBoolean() ? "yes" : "no";
      table.row(plugin.path("name").asText(""), plugin.path("version").asText(""), enabled);
    }
    table.printTo(session.terminal());
    return ExitCode.OK.number();
  }
}
