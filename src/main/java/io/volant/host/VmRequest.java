package io.volant.host;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.volant.manifest.CloudInit;
import io.volant.manifest.HealthCheck;
import io.volant.manifest.Initramfs;
import io.volant.manifest.NetworkSettings;
import io.volant.manifest.PluginManifest;
import io.volant.manifest.Rootfs;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What somebody asks of a new VM: the body of {@code POST /api/v1/vms}. What is absent comes from
 * the plugin's manifest; {@code config} wins over the flat fields, and those over the manifest.
 */
public record VmRequest(
    @JsonProperty("name") String name,
    @JsonProperty("plugin") String plugin,
    @JsonProperty("runtime") @Nullable String runtime,
    @JsonProperty("cpu_cores") @Nullable Integer cpuCores,
    @JsonProperty("memory_mb") @Nullable Integer memoryMib,
    @JsonProperty("kernel_cmdline") @Nullable String kernelCmdline,
    @JsonProperty("api_host") @Nullable String apiHost,
    @JsonProperty("api_port") @Nullable String apiPort,
    @JsonProperty("config") @Nullable Config config) {

  /** The fields of {@code config} that this version acts on. */
  public record Config(
      @JsonProperty("plugin") @Nullable String plugin,
      @JsonProperty("runtime") @Nullable String runtime,
      @JsonProperty("kernel_cmdline") @Nullable String kernelCmdline,
      @JsonProperty("kernel_override") @Nullable String kernelOverride,
      @JsonProperty("resources") @Nullable Sizes resources,
      @JsonProperty("api") @Nullable Api api,
      @JsonProperty("manifest") @Nullable PluginManifest manifest,
      @JsonProperty("network") @Nullable NetworkSettings network,
      @JsonProperty("initramfs") @Nullable Initramfs initramfs,
      @JsonProperty("rootfs") @Nullable Rootfs rootfs,
      @JsonProperty("cloud_init") @Nullable CloudInit cloudInit,
      @JsonProperty("env") @Nullable Map<String, String> env,
      @JsonProperty("health_check") @Nullable HealthCheck healthCheck) {

    static Config empty() {
      return new Config(
          null, null, null, null, null, null, null, null, null, null, null, null, null);
    }
  }

  /** The size, each part of it optional. */
  public record Sizes(
      @JsonProperty("cpu_cores") @Nullable Integer cpuCores,
      @JsonProperty("memory_mb") @Nullable Integer memoryMib) {}

  /** Where the workload finds the API. */
  public record Api(
      @JsonProperty("host") @Nullable String host, @JsonProperty("port") @Nullable String port) {}

  /** The config, empty where there is none. */
  Config settings() {
    return config == null ? Config.empty() : config;
  }
}
