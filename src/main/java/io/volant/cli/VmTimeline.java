package io.volant.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.volant.cli.http.ApiPath;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "timeline", description = "Shows where the time of a VM's latest start went.")
final class VmTimeline implements Callable<Integer> {
  private final Session session;

  @Parameters(paramLabel = "NAME", description = "The VM.")
  private String name = "";

  VmTimeline(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws Exception {
    JsonNode timeline = session.api().get(ApiPath.of("vms", name, "timeline")).body();
    if (session.wantsJson()) {
      session.terminal().printJson(timeline);
    } else {
      TimelineView.print(timeline, session.terminal());
    }
    return ExitCode.OK.number();
  }
}
