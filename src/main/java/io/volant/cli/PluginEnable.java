package io.volant.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.volant.cli.http.ApiClient;
import io.volant.cli.http.ApiPath;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "enable", description = "Lets new VMs be made from a plugin.")
final class PluginEnable implements Callable<Integer> {
  private final Session session;

  @Parameters(paramLabel = "PLUGIN", description = "The plugin.")
  private String name = "";

  PluginEnable(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws Exception {
    JsonNode wanted = JsonNodeFactory.instance.objectNode().put("enabled", true);
    JsonNode answer =
        session
            .api()
            .post(ApiPath.of("plugins", name, "enabled"), wanted, ApiClient.PATIENCE)
            .body();
    if (session.wantsJson()) {
      session.terminal().printJson(answer);
    } else {
      session.terminal().print(name + " is enabled");
    }
    return ExitCode.OK.number();
  }
}
