package io.volant.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.volant.cli.http.ApiFailure;
import io.volant.cli.http.ApiPath;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "list", aliases = "ls", description = "Lists deployments.")
final class DeploymentList implements Callable<Integer> {
  private final Session session;
  @Mixin private WatchOption watching = new WatchOption();

  DeploymentList(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws Exception {
    return watching.show(session, "deployment,vm", this::show);
  }

  private int show() throws ApiFailure, CliFailure {
    JsonNode deployments = session.api().get(ApiPath.of("deployments")).body();
    if (session.wantsJson()) {
      session.terminal().printJson(deployments);
    } else {
      DeploymentView.list(deployments, session.terminal(), session.clock().instant());
    }
    return ExitCode.OK.number();
  }
}
