package io.volant.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.volant.cli.http.ApiPath;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "operations",
    description = "Lists what the workload of a VM can be called for, as its API description says.")
final class VmOperations implements Callable<Integer> {
  private final Session session;

  @Parameters(paramLabel = "NAME", description = "The VM.")
  private String name = "";

  VmOperations(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws Exception {
    JsonNode description = session.api().get(ApiPath.of("vms", name, "openapi")).body();
    Terminal terminal = session.terminal();
    if (session.wantsJson()) {
      terminal.printJson(description);
      return ExitCode.OK.number();
    }
    if (session.wantsNames()) {
      Operation.in(description).forEach(each -> terminal.print(terminal.safe(each.id())));
      return ExitCode.OK.number();
    }
    TextTable table = new TextTable().heading("OPERATION", "METHOD", "PATH", "SUMMARY");
    for (Operation operation : Operation.in(description)) {
      table.row(
          terminal.safe(operation.id()),
          operation.method(),
          terminal.safe(operation.path()),
          terminal.safe(operation.summary()));
    }
    table.printTo(terminal);
    return ExitCode.OK.number();
  }
}
