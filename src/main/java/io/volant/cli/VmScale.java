package io.volant.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.volant.cli.http.ApiPath;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "scale",
    description =
        "Changes the size of a VM, or how many VMs a deployment has (as deployments scale does).")
final class VmScale implements Callable<Integer> {
  private final Session session;

  @Parameters(paramLabel = "NAME", description = "The VM, or with --replicas the deployment.")
  private String name = "";

  @Option(names = "--replicas", paramLabel = "N", description = "How many VMs.")
  private @Nullable Integer replicas;

  @Mixin private VmResize resize = new VmResize();

  @Mixin private RolloutOptions wait = new RolloutOptions();

  VmScale(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws Exception {
    if ((replicas == null) != resize.isAsked()) {
      throw new CliFailure(
          ExitCode.USAGE, "give either --replicas, or --cpu and --memory, or one of these");
    }
    if (replicas == null) {
      return resize.run(session, name, wait.ofVm()).number();
    }
    JsonNode request = JsonNodeFactory.instance.objectNode().put("replicas", replicas);
    JsonNode scaled = session.api().patch(ApiPath.of("deployments", name), request).body();
    return new RolloutWait(session, wait).finish(scaled).number();
  }
}
