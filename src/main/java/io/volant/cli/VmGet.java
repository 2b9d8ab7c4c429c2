package io.volant.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.volant.cli.http.ApiFailure;
import io.volant.cli.http.ApiPath;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "get", description = "Shows a VM.")
final class VmGet implements Callable<Integer> {
  private final Session session;
  @Mixin private WatchOption watching = new WatchOption();

  @Parameters(paramLabel = "NAME", description = "The VM.")
  private String name = "";

  VmGet(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws Exception {
    return watching.show(session, "vm", this::show);
  }

  private int show() throws ApiFailure, CliFailure {
    JsonNode vm = session.api().get(ApiPath.of("vms", name)).body();
    if (session.wantsJson()) {
      session.terminal().printJson(vm);
    } else {
      VmView.details(vm, session.terminal());
    }
    return ExitCode.OK.number();
  }
}
