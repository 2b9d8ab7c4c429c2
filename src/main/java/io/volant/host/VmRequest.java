package io.volant.host;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.volant.manifest.CloudInit;
import io.volant.manifest.HealthCheck;
import io.volant.manifest.Initramfs;
import io.volant.manifest.NetworkSettings;
import io.volant.manifest.PluginManifest;
import io.volant.manifest.Rootfs;
import io.volant.vm.RestartPolicy;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
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
      @JsonProperty("health_check") @Nullable HealthCheck healthCheck,
      @JsonProperty("metadata") @Nullable Map<String, String> metadata,
      @JsonProperty("restart_policy") @Nullable Restart restart) {

    static Config empty() {
      return new Config(
          null, null, null, null, null, null, null, null, null, null, null, null, null, null, null);
    }
  }

  /**
   * A change of a VM's config.
   *
   * @param config the fields that shall be so
   * @param removed the names of those that shall not be any more, from {@link Removals#POSSIBLE}
   */
  public record Change(Config config, Set<String> removed) {
    public Change {
      removed = Set.copyOf(removed);
    }
  }

  /** The size, each part of it optional. */
  public record Sizes(
      @JsonProperty("cpu_cores") @Nullable Integer cpuCores,
      @JsonProperty("memory_mb") @Nullable Integer memoryMib) {}

  /** Where the workload finds the API. */
  public record Api(
      @JsonProperty("host") @Nullable String host, @JsonProperty("port") @Nullable String port) {}

  /** When it is started again; what is absent is the default. */
  public record Restart(
      @JsonProperty("policy") @Nullable String policy,
      @JsonProperty("max_retries") @Nullable Integer maxRetries,
      @JsonProperty("backoff_min_ms") @Nullable Long backoffMinMs,
      @JsonProperty("backoff_max_ms") @Nullable Long backoffMaxMs) {

    /** As it stands in a request. */
    @JsonCreator
    public Restart {}

    /** A plain word is a policy with the defaults. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Restart of(String policy) {
      return new Restart(policy, null, null, null);
    }

    /** A policy in these words. */
    static Restart of(RestartPolicy policy) {
      return new Restart(
          policy.when().text(), policy.maxRetries(), policy.backoffMinMs(), policy.backoffMaxMs());
    }

    /** The policy, with the defaults; the longest pause is never less than the first. */
    RestartPolicy resolved() {
      long minMs = Objects.requireNonNullElse(backoffMinMs, RestartPolicy.BACKOFF_MIN_MS);
      long maxMs =
          Objects.requireNonNullElse(backoffMaxMs, Math.max(minMs, RestartPolicy.BACKOFF_MAX_MS));
      return new RestartPolicy(
          when(), Objects.requireNonNullElse(maxRetries, 0), Math.min(minMs, maxMs), maxMs);
    }

    private RestartPolicy.When when() {
      return Arrays.stream(RestartPolicy.When.values())
          .filter(each -> each.text().equals(policy))
          .findFirst()
          .orElse(RestartPolicy.When.NO);
    }
  }

  /** The config, empty where there is none. */
  Config settings() {
    return config == null ? Config.empty() : config;
  }
}
