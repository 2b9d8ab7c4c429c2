package io.volant.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.volant.cli.http.ApiFailure;
import io.volant.cli.http.ApiPath;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "list", aliases = "ls", description = "Lists the installed plugins.")
final class PluginList implements Callable<Integer> {
  private final Session session;
  @Mixin private WatchOption watching = new WatchOption();

  PluginList(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws Exception {
    return watching.show(session, "plugin", this::show);
  }

  /** The list of the API has names only; the table takes the summary, which says more. */
  private int show() throws ApiFailure, CliFailure {
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
