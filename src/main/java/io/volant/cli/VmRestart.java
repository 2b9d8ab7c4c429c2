package io.volant.cli;

import io.volant.cli.http.ApiPath;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "restart",
    description = "Stops a VM, starts it again, and waits until it is healthy.")
final class VmRestart implements Callable<Integer> {
  private final Session session;

  @Parameters(paramLabel = "NAME", description = "The VM.")
  private String name = "";

  @Mixin private WaitOptions wait = new WaitOptions();

  VmRestart(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws Exception {
    VmTransition restart = new VmTransition(session, wait, name, "healthy");
    return restart.post(ApiPath.of("vms", name, "restart"), null).number();
  }
}
