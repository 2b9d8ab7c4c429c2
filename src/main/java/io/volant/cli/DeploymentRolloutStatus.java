package io.volant.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.volant.cli.http.ApiPath;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "status", description = "Tells how far a rollout is, and waits for its end.")
final class DeploymentRolloutStatus implements Callable<Integer> {
  private final Session session;

  @Parameters(paramLabel = "NAME", description = "The deployment.")
  private String name = "";

  @Mixin private RolloutOptions wait = new RolloutOptions();

  DeploymentRolloutStatus(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws Exception {
    JsonNode deployment = session.api().get(ApiPath.of("deployments", name)).body();
    return new RolloutWait(session, wait).finish(deployment).number();
  }
}
