package io.volant.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.volant.cli.http.ApiFailure;
import io.volant.cli.http.ApiPath;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
    name = "doctor",
    description =
        "Looks whether this machine has all that VMs need, and says which command mends what is"
            + " missing.")
final class Doctor implements Callable<Integer> {
  private final Session session;

  Doctor(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws Exception {
    List<Finding> findings =
        new ArrayList<>(new HostCheckup(Path.of("/"), session.environment()).findings());
    findings.add(daemon());
    if (session.wantsJson()) {
      session.terminal().printJson(json(findings));
    } else {
      print(findings);
    }
    boolean ready = findings.stream().noneMatch(each -> each.state() == Finding.State.MISSING);
    return (ready ? ExitCode.OK : ExitCode.NOT_READY).number();
  }

  private Finding daemon() throws CliFailure {
    try {
      session.api().get(new ApiPath("/healthz"));
      return Finding.fine("volantd", "answers at " + session.api());
    } catch (ApiFailure failure) {
      return Finding.missing("volantd", failure.getMessage(), "volantd &");
    }
  }

  private void print(List<Finding> findings) {
    Terminal terminal = session.terminal();
    TextTable table = new TextTable();
    for (Finding finding : findings) {
      String state = finding.state().name().toLowerCase(Locale.ROOT);
      table.row(
          List.of(
              new TextTable.Cell(state, terminal.paint(state, colour(finding.state()))),
              TextTable.Cell.of(finding.thing()),
              TextTable.Cell.of(terminal.safe(finding.detail()))));
    }
    table.printTo(terminal);
    List<Finding> mended = findings.stream().filter(each -> !each.remedy().isEmpty()).toList();
    if (!mended.isEmpty()) {
      terminal.print("");
      terminal.print("What mends it (on Debian, as root):");
      mended.stream().map(Finding::remedy).distinct().forEach(each -> terminal.print("  " + each));
    }
  }

  private static Terminal.Colour colour(Finding.State state) {
    return switch (state) {
      case OK -> Terminal.Colour.GREEN;
      case WORSE -> Terminal.Colour.YELLOW;
      case MISSING -> Terminal.Colour.RED;
    };
  }

  private static ArrayNode json(List<Finding> findings) {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    for (Finding finding : findings) {
      ObjectNode one = all.addObject();
      one.put("thing", finding.thing());
      one.put("state", finding.state().name().toLowerCase(Locale.ROOT));
      one.put("detail", finding.detail());
      if (!finding.remedy().isEmpty()) {
        one.put("remedy", finding.remedy());
      }
    }
    return all;
  }
}
