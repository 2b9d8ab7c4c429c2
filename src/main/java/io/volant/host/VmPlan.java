package io.volant.host;

import io.volant.artifact.StoredImage;
import io.volant.manifest.BootMedium;
import io.volant.manifest.HealthCheck;
import io.volant.manifest.Initramfs;
import io.volant.manifest.NetworkSettings;
import io.volant.manifest.PluginManifest;
import io.volant.manifest.Rootfs;
import io.volant.manifest.Workload;
import io.volant.model.FieldProblem;
import io.volant.plugin.Plugin;
import io.volant.vm.RestartPolicy;
import io.volant.vm.VmConfig;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Resolves what a request asks against the plugin's manifest and this host, all but the fetching of
 * the boot medium. Pure.
 */
final class VmPlan {

  /** One probe's patience where the manifest has none. */
  private static final int HEALTH_TIMEOUT_MS = 1_000;

  private final VmRequest request;
  private final VmRequest.Config settings;
  private final PluginManifest manifest;
  private final Plugin plugin;
  private final StoragePlan storage;
  private final List<FieldProblem> problems = new ArrayList<>();

  private VmPlan(VmRequest request, Plugin plugin) {
    this.request = request;
    this.settings = request.settings();
    this.plugin = plugin;
    this.manifest = Objects.requireNonNullElse(settings.manifest(), plugin.manifest());
    this.storage = new StoragePlan(manifest, settings.cloudInit());
  }

  static VmPlan of(VmRequest request, Plugin plugin, HostCapacity capacity) {
    VmPlan plan = new VmPlan(request, plugin);
    plan.checkIdentity();
    plan.checkSize(capacity);
    plan.checkStorage();
    plan.checkRestart();
    plan.checkWhatIsNotBuiltYet();
    return plan;
  }

  /** What is wrong with the request; empty: nothing. */
  List<FieldProblem> problems() {
    return List.copyOf(problems);
  }

  /** Whether the host is too small for it, which is another refusal than a wrong field. */
  boolean isTooLarge(HostCapacity capacity) {
    return cpuCores() > capacity.cpuCores() || memoryMib() > capacity.memoryMib();
  }

  /** Whether an address is needed. */
  boolean isBridged() {
    return network() == VmConfig.NetworkMode.BRIDGED;
  }

  /** What must be in the store before the VM can be. */
  MediaPlan media() {
    return MediaPlan.of(medium(), mediumField(), manifest, plugin);
  }

  /** The config, once all is in the store. */
  VmConfig config(Media media) {
    return new VmConfig(
        new VmConfig.PluginRef(plugin.name(), manifest.version(), runtime()),
        new VmConfig.Machine(
            cpuCores(),
            memoryMib(),
            settings.kernelOverride(),
            first(settings.kernelCmdline(), request.kernelCmdline(), "")),
        boot(media.boot()),
        storage.disks(media),
        storage.seed(),
        workload(),
        network(),
        api(),
        Objects.requireNonNullElse(settings.metadata(), Map.of()),
        restart());
  }

  private VmConfig.BootMedium boot(StoredImage image) {
    return switch (medium()) {
      case Initramfs initramfs -> VmConfig.BootMedium.initramfs(initramfs.url(), image.artifact());
      case Rootfs rootfs ->
          new VmConfig.BootMedium(
              VmConfig.BootMedium.Kind.ROOTFS,
              rootfs.url(),
              image.artifact(),
              StoragePlan.root(rootfs, image));
    };
  }

  /** The field that names the boot medium, for messages. */
  private String mediumField() {
    return settings.initramfs() != null
        ? "config.initramfs"
        : settings.rootfs() != null ? "config.rootfs" : "plugin";
  }

  private void checkIdentity() {
    if (settings.plugin() != null && !settings.plugin().equals(request.plugin())) {
      problem("config.plugin", "must be the request's plugin, " + request.plugin());
    }
    String port = apiPort();
    if (port != null && !isPort(port)) {
      problem(
          settings.api() != null ? "config.api.port" : "api_port",
          "must be 1 to 65535, was " + port);
    }
  }

  private void checkSize(HostCapacity capacity) {
    if (cpuCores() < 1) {
      problem(sizeField("cpu_cores"), "must be 1 or more, was " + cpuCores());
    }
    if (memoryMib() < 1) {
      problem(sizeField("memory_mb"), "must be 1 or more, was " + memoryMib());
    }
    if (cpuCores() > capacity.cpuCores()) {
      problem(
          sizeField("cpu_cores"),
          "must be at most what this host has, " + capacity.cpuCores() + ", was " + cpuCores());
    }
    if (memoryMib() > capacity.memoryMib()) {
      problem(
          sizeField("memory_mb"),
          "must be at most what this host has, " + capacity.memoryMib() + ", was " + memoryMib());
    }
  }

  private void checkStorage() {
    problems.addAll(storage.problems());
    if (medium() instanceof Rootfs rootfs) {
      String wrong = StoragePlan.overlayProblem(rootfs);
      if (wrong != null) {
        problem(mediumField() + ".overlay_size", wrong);
      }
    }
  }

  private void checkRestart() {
    VmRequest.Restart restart = settings.restart();
    if (restart != null
        && restart.backoffMinMs() != null
        && restart.backoffMaxMs() != null
        && restart.backoffMinMs() > restart.backoffMaxMs()) {
      problem(
          "config.restart_policy.backoff_min_ms",
          "must be at most backoff_max_ms, " + restart.backoffMaxMs());
    }
  }

  private void checkWhatIsNotBuiltYet() {
    if (networkMode() == io.volant.manifest.NetworkMode.DHCP) {
      problem("config.network.mode", "dhcp is not built yet; use bridged or vsock");
    }
  }

  private String sizeField(String name) {
    return settings.resources() != null ? "config.resources." + name : name;
  }

  private int cpuCores() {
    VmRequest.Sizes sizes = settings.resources();
    return first(
        sizes == null ? null : sizes.cpuCores(),
        request.cpuCores(),
        manifest.resources().cpuCores());
  }

  private int memoryMib() {
    VmRequest.Sizes sizes = settings.resources();
    return first(
        sizes == null ? null : sizes.memoryMib(),
        request.memoryMib(),
        manifest.resources().memoryMib());
  }

  private String runtime() {
    return first(settings.runtime(), request.runtime(), manifest.runtime());
  }

  private BootMedium medium() {
    if (settings.initramfs() != null) {
      return settings.initramfs();
    }
    return settings.rootfs() != null ? settings.rootfs() : manifest.bootMedium();
  }

  private io.volant.manifest.NetworkMode networkMode() {
    NetworkSettings network = settings.network();
    return network != null && network.mode() != null ? network.mode() : manifest.networkMode();
  }

  private VmConfig.NetworkMode network() {
    return switch (networkMode()) {
      case BRIDGED, DHCP -> VmConfig.NetworkMode.BRIDGED;
      case VSOCK -> VmConfig.NetworkMode.VSOCK;
    };
  }

  private VmConfig.Workload workload() {
    Workload workload = manifest.workload();
    Map<String, String> env = new LinkedHashMap<>(workload.env());
    if (settings.env() != null) {
      env.putAll(settings.env());
    }
    String path = Objects.requireNonNullElse(URI.create(workload.baseUrl()).getPath(), "");
    return new VmConfig.Workload(
        workload.entrypoint(),
        env,
        Objects.requireNonNullElse(workload.workdir(), "/"),
        workload.port(),
        path.endsWith("/") ? path.substring(0, path.length() - 1) : path,
        health(),
        hasAgent(),
        workload.user());
  }

  private boolean hasAgent() {
    return switch (medium()) {
      case Initramfs initramfs -> initramfs.hasAgent();
      case Rootfs _ -> true;
    };
  }

  private VmConfig.HealthCheck health() {
    HealthCheck asked = settings.healthCheck();
    HealthCheck check = asked != null ? asked : manifest.healthCheck();
    if (check == null) {
      return new VmConfig.HealthCheck(null, HEALTH_TIMEOUT_MS);
    }
    Integer timeoutMs = check.timeoutMs();
    return new VmConfig.HealthCheck(
        check.endpoint(), timeoutMs == null ? HEALTH_TIMEOUT_MS : timeoutMs);
  }

  /** Null where it says what is so anyway. */
  private @Nullable RestartPolicy restart() {
    VmRequest.Restart asked = settings.restart();
    RestartPolicy policy = asked == null ? RestartPolicy.no() : asked.resolved();
    return policy.equals(RestartPolicy.no()) ? null : policy;
  }

  private VmConfig.@Nullable ApiTarget api() {
    String port = apiPort();
    String host = settings.api() != null ? settings.api().host() : request.apiHost();
    return host == null && port == null
        ? null
        : new VmConfig.ApiTarget(host, port == null ? null : Integer.valueOf(port));
  }

  private @Nullable String apiPort() {
    VmRequest.Api api = settings.api();
    return api != null ? api.port() : request.apiPort();
  }

  private static boolean isPort(String text) {
    return text.matches("[1-9][0-9]{0,4}") && Integer.parseInt(text) <= 65_535;
  }

  private void problem(String field, String message) {
    problems.add(new FieldProblem(field, message));
  }

  private static <T> T first(@Nullable T config, @Nullable T flat, T otherwise) {
    return config != null ? config : flat != null ? flat : otherwise;
  }
}
