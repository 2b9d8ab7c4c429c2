package io.volant.cli;

import io.volant.cli.http.ApiPath;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "start",
    description = "Starts a VM that is stopped or crashed, and waits until it is healthy.")
final class VmStart implements Callable<Integer> {
  private final Session session;

  @Parameters(paramLabel = "NAME", description = "The VM.")
  private String name = "";

  @Mixin private WaitOptions wait = new WaitOptions();

  VmStart(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws Exception {
    VmTransition start = new VmTransition(session, wait, name, "healthy");
    return start.post(ApiPath.of("vms", name, "start"), null).number();
  }
}
