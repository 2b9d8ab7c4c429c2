package io.volant.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.volant.cli.http.ApiClient;
import io.volant.cli.http.ApiPath;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "disable", description = "Refuses new VMs from a plugin; those that exist go on.")
final class PluginDisable implements Callable<Integer> {
  private final Session session;

  @Parameters(paramLabel = "PLUGIN", description = "The plugin.")
  private String name = "";

  PluginDisable(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws Exception {
    JsonNode wanted = JsonNodeFactory.instance.objectNode().put("enabled", false);
    JsonNode answer =
        session
            .api()
            .post(ApiPath.of("plugins", name, "enabled"), wanted, ApiClient.PATIENCE)
            .body();
    if (session.wantsJson()) {
      session.terminal().printJson(answer);
    } else {
      session.terminal().print(name + " is disabled");
    }
    return ExitCode.OK.number();
  }
}
