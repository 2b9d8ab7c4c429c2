package io.volant.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.volant.cli.http.ApiFailure;
import io.volant.cli.http.ApiPath;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The size of one VM: what {@code vms scale} does without replicas. */
final class VmResize {

  @Option(names = "--cpu", paramLabel = "CORES", description = "CPU cores of the VM.")
  private @Nullable Integer cpuCores;

  @Option(names = "--memory", paramLabel = "MIB", description = "Memory of the VM in MiB.")
  private @Nullable Integer memoryMib;

  @Option(names = "--restart", description = "Restart the VM, so that it has its size now.")
  private boolean restart;

  /** Whether anything of it was given. */
  boolean isAsked() {
    return cpuCores != null || memoryMib != null || restart;
  }

  ExitCode run(Session session, String name, WaitOptions wait)
      throws CliFailure, ApiFailure, InterruptedException {
    if (cpuCores == null && memoryMib == null) {
      throw new CliFailure(ExitCode.USAGE, "--restart needs --cpu or --memory beside it");
    }
    ObjectNode change = JsonNodeFactory.instance.objectNode();
    ObjectNode sizes = change.putObject("resources");
    if (cpuCores != null) {
      sizes.put("cpu_cores", cpuCores);
    }
    if (memoryMib != null) {
      sizes.put("memory_mb", memoryMib);
    }
    VmConfigChange config = new VmConfigChange(session, name);
    JsonNode answer = config.send(change, null);
    if (!restart) {
      config.tell(answer);
      return ExitCode.OK;
    }
    return new VmTransition(session, wait, name, "healthy")
        .post(ApiPath.of("vms", name, "restart"), null);
  }
}
