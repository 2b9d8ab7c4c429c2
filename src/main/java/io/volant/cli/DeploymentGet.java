package io.volant.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.volant.cli.http.ApiFailure;
import io.volant.cli.http.ApiPath;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "get", description = "Shows a deployment and its VMs.")
final class DeploymentGet implements Callable<Integer> {
  private final Session session;
  @Mixin private WatchOption watching = new WatchOption();

  @Parameters(paramLabel = "NAME", description = "The deployment.")
  private String name = "";

  DeploymentGet(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws Exception {
    return watching.show(session, "deployment,vm", this::show);
  }

  private int show() throws ApiFailure, CliFailure {
    JsonNode deployment = session.api().get(ApiPath.of("deployments", name)).body();
    if (session.wantsJson()) {
      session.terminal().printJson(deployment);
    } else {
      DeploymentView.details(deployment, session.terminal());
    }
    return ExitCode.OK.number();
  }
}
