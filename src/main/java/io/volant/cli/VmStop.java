package io.volant.cli;

import io.volant.cli.http.ApiPath;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "stop", description = "Stops a VM and waits until it is stopped. Its disks stay.")
final class VmStop implements Callable<Integer> {
  private final Session session;

  @Parameters(paramLabel = "NAME", description = "The VM.")
  private String name = "";

  @Mixin private WaitOptions wait = new WaitOptions();

  VmStop(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws Exception {
    VmTransition stop = new VmTransition(session, wait, name, "stopped");
    return stop.post(ApiPath.of("vms", name, "stop"), null).number();
  }
}
