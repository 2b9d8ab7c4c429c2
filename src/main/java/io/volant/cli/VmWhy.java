package io.volant.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.volant.cli.http.ApiPath;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "why",
    description =
        "Tells why a VM is as it is: what was asked last, by whom, and what happened since.")
final class VmWhy implements Callable<Integer> {
  private final Session session;

  @Parameters(paramLabel = "NAME", description = "The VM.")
  private String name = "";

  @Option(names = "--deleted", description = "Also of a VM that was deleted.")
  private boolean deleted;

  VmWhy(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws Exception {
    ApiPath path = ApiPath.of("vms", name, "why");
    JsonNode why = session.api().get(deleted ? path.with("deleted", "true") : path).body();
    Terminal terminal = session.terminal();
    if (session.wantsJson()) {
      terminal.printJson(why);
      return ExitCode.OK.number();
    }
    String status = why.path("status").asText("unknown");
    terminal.print(
        terminal.safe(name) + " is " + terminal.paint(status, VmState.colourOf(status)) + ":");
    for (JsonNode link : why.path("chain")) {
      terminal.print(
          "  "
              + link.path("timestamp").asText("")
              + "  "
              + terminal.safe(link.path("sentence").asText("")));
    }
    return ExitCode.OK.number();
  }
}
