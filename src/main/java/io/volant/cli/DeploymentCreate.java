package io.volant.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.volant.cli.http.ApiClient;
import io.volant.cli.http.ApiPath;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "create",
    description = "Creates a deployment: so many VMs of one config. Waits until all are healthy.")
final class DeploymentCreate implements Callable<Integer> {
  private final Session session;

  @Parameters(
      paramLabel = "NAME",
      description =
          "The deployment's name: a-z, 0-9 and '-', at most 58. Its VMs are NAME-1, NAME-2, …")
  private String name = "";

  @Option(
      names = "--replicas",
      paramLabel = "N",
      description = "How many VMs, 0 to 1000 (default ${DEFAULT-VALUE}).")
  private int replicas = 1;

  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE",
      description = "A VM configuration (JSON) that names a plugin.")
  private Path config = Path.of("");

  @Mixin private PaceOption pace = new PaceOption();

  @Mixin private RolloutOptions wait = new RolloutOptions();

  DeploymentCreate(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws Exception {
    ObjectNode request = JsonNodeFactory.instance.objectNode();
    request.put("name", name);
    request.put("replicas", replicas);
    request.set("config", ManifestSource.ofFile(config));
    pace.addTo(request);
    JsonNode created =
        session.api().post(ApiPath.of("deployments"), request, ApiClient.PATIENCE).body();
    return new RolloutWait(session, wait).finish(created).number();
  }
}
