package io.volant.host;

import io.volant.vm.RestartPolicy;
import io.volant.vm.VmConfig;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a change of a config can take away: fields that a VM can be without. Pure. */
public final class Removals {

  /** Their names, as they are written in the API. */
  public static final Set<String> POSSIBLE =
      Set.of(
          "kernel_cmdline",
          "kernel_override",
          "api",
          "api.host",
          "api.port",
          "cloud_init",
          "cloud_init.user_data",
          "cloud_init.meta_data",
          "cloud_init.network_config",
          "env",
          "health_check",
          "metadata",
          "restart_policy");

  private final Set<String> fields;

  Removals(Set<String> fields) {
    this.fields = Set.copyOf(fields);
  }

  /** A config without the fields. */
  VmConfig from(VmConfig config) {
    VmConfig.Machine machine = config.machine();
    VmConfig.Workload workload = config.workload();
    VmConfig.HealthCheck health = workload.health();
    return new VmConfig(
        config.plugin(),
        new VmConfig.Machine(
            machine.cpuCores(),
            machine.memoryMib(),
            kept("kernel_override", machine.kernel()),
            has("kernel_cmdline") ? "" : machine.kernelCmdline()),
        config.boot(),
        config.disks(),
        seed(config.seed()),
        new VmConfig.Workload(
            workload.entrypoint(),
            has("env") ? Map.of() : workload.env(),
            workload.workdir(),
            workload.port(),
            workload.basePath(),
            new VmConfig.HealthCheck(kept("health_check", health.path()), health.timeoutMs()),
            workload.agent(),
            workload.user()),
        config.network(),
        api(config.api()),
        has("metadata") ? Map.of() : config.metadata(),
        has("restart_policy") ? RestartPolicy.no() : config.restartPolicy());
  }

  private VmConfig.@Nullable Seed seed(VmConfig.@Nullable Seed seed) {
    return seed == null || has("cloud_init")
        ? null
        : new VmConfig.Seed(
            kept("cloud_init.user_data", seed.userData()),
            kept("cloud_init.meta_data", seed.metaData()),
            kept("cloud_init.network_config", seed.networkConfig()));
  }

  private VmConfig.@Nullable ApiTarget api(VmConfig.@Nullable ApiTarget api) {
    if (api == null || has("api")) {
      return null;
    }
    String host = kept("api.host", api.host());
    Integer port = kept("api.port", api.port());
    return host == null && port == null ? null : new VmConfig.ApiTarget(host, port);
  }

  private boolean has(String field) {
    return fields.contains(field);
  }

  private <T> @Nullable T kept(String field, @Nullable T value) {
    return has(field) ? null : value;
  }
}
