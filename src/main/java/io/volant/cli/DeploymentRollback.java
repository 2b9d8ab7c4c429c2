package io.volant.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.volant.cli.http.ApiClient;
import io.volant.cli.http.ApiPath;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "rollback",
    description = "Gives a deployment its earlier config again. VMs that still have it stay.")
final class DeploymentRollback implements Callable<Integer> {
  private final Session session;

  @Parameters(paramLabel = "NAME", description = "The deployment.")
  private String name = "";

  @Mixin private RolloutOptions wait = new RolloutOptions();

  DeploymentRollback(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws Exception {
    JsonNode changed =
        session
            .api()
            .post(ApiPath.of("deployments", name, "rollback"), null, ApiClient.PATIENCE)
            .body();
    return new RolloutWait(session, wait).finish(changed).number();
  }
}
