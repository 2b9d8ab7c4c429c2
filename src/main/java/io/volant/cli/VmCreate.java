package io.volant.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.volant.cli.http.ApiPath;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "create",
    description =
        "Creates a VM, starts it, and waits until it is healthy. What is not given comes from the plugin.")
final class VmCreate implements Callable<Integer> {
  private final Session session;

  @Parameters(paramLabel = "NAME", description = "The VM's name: a-z, 0-9 and '-', at most 63.")
  private String name = "";

  @Option(names = "--plugin", paramLabel = "PLUGIN", description = "The plugin it is made from.")
  private @Nullable String plugin;

  @Option(names = "--runtime", paramLabel = "RUNTIME", description = "The runtime of the plugin.")
  private @Nullable String runtime;

  @Option(names = "--cpu", paramLabel = "CORES", description = "CPU cores.")
  private @Nullable Integer cpuCores;

  @Option(names = "--memory", paramLabel = "MIB", description = "Memory in MiB.")
  private @Nullable Integer memoryMib;

  @Option(
      names = "--kernel-cmdline",
      paramLabel = "WORDS",
      description = "More words for the kernel.")
  private @Nullable String kernelCmdline;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "A VM configuration (JSON); it wins over the options.")
  private @Nullable Path config;

  @Option(
      names = "--api-host",
      paramLabel = "HOST",
      description = "The API's host as the guest sees it.")
  private @Nullable String apiHost;

  @Option(
      names = "--api-port",
      paramLabel = "PORT",
      description = "The API's port as the guest sees it.")
  private @Nullable String apiPort;

  @Mixin private MachineOptions machine = new MachineOptions();
  @Mixin private WaitOptions wait = new WaitOptions();

  VmCreate(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws Exception {
    VmTransition create = new VmTransition(session, wait, name, "healthy");
    return create.post(ApiPath.of("vms"), request()).number();
  }

  private ObjectNode request() throws CliFailure {
    ObjectNode request = JsonNodeFactory.instance.objectNode();
    request.put("name", name);
    putIfGiven(request, "plugin", plugin);
    putIfGiven(request, "runtime", runtime);
    if (cpuCores != null) {
      request.put("cpu_cores", cpuCores);
    }
    if (memoryMib != null) {
      request.put("memory_mb", memoryMib);
    }
    putIfGiven(request, "kernel_cmdline", kernelCmdline);
    putIfGiven(request, "api_host", apiHost);
    putIfGiven(request, "api_port", apiPort);
    if (config != null) {
      ObjectNode given = ManifestSource.ofFile(config);
      request.set("config", given);
      // The daemon wants the plugin in the request; a configuration that names it has said it
      // already.
      if (plugin == null && given.path("plugin").isTextual()) {
        request.put("plugin", given.path("plugin").asText());
      }
    }
    ObjectNode settings =
        request.get("config") instanceof ObjectNode given
            ? given
            : JsonNodeFactory.instance.objectNode();
    machine.addTo(settings);
    if (!settings.isEmpty()) {
      request.set("config", settings);
    }
    return request;
  }

  private static void putIfGiven(ObjectNode request, String field, @Nullable String value) {
    if (value != null) {
      request.put(field, value);
    }
  }
}
