package io.volant.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(name = "version", description = "Shows the version of volar.")
final class VersionCommand implements Callable<Integer> {
  private final Session session;

  VersionCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    String packaged = Volar.class.getPackage().getImplementationVersion();
    String version = packaged == null ? "(not packaged)" : packaged;
    if (session.wantsJson()) {
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      session.terminal().printJson(json.put("version", version));
    } else {
      session.terminal().print("volar " + version);
    }
    return ExitCode.OK.number();
  }
}
