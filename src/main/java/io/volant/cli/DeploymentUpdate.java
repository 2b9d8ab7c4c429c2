package io.volant.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.volant.cli.http.ApiPath;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "update",
    description = "Gives a deployment another config: its VMs are replaced one after the other.")
final class DeploymentUpdate implements Callable<Integer> {
  private final Session session;

  @Parameters(paramLabel = "NAME", description = "The deployment.")
  private String name = "";

  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE",
      description = "The fields of the VM configuration (JSON) that change.")
  private Path config = Path.of("");

  @Mixin private PaceOption pace = new PaceOption();

  @Mixin private RolloutOptions wait = new RolloutOptions();

  DeploymentUpdate(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws Exception {
    ObjectNode request = JsonNodeFactory.instance.objectNode();
    request.set("config", ManifestSource.ofFile(config));
    pace.addTo(request);
    JsonNode changed = session.api().patch(ApiPath.of("deployments", name), request).body();
    return new RolloutWait(session, wait).finish(changed).number();
  }
}
