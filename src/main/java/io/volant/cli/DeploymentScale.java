package io.volant.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.volant.cli.http.ApiPath;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "scale",
    description = "Changes how many VMs a deployment has. The highest numbers go first.")
final class DeploymentScale implements Callable<Integer> {
  private final Session session;

  @Parameters(paramLabel = "NAME", description = "The deployment.")
  private String name = "";

  @Option(names = "--replicas", required = true, paramLabel = "N", description = "How many VMs.")
  private int replicas;

  @Mixin private RolloutOptions wait = new RolloutOptions();

  DeploymentScale(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws Exception {
    JsonNode request = JsonNodeFactory.instance.objectNode().put("replicas", replicas);
    JsonNode scaled = session.api().patch(ApiPath.of("deployments", name), request).body();
    return new RolloutWait(session, wait).finish(scaled).number();
  }
}
