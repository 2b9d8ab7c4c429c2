package io.volant.host;

import io.volant.artifact.DiskFormat;
import io.volant.artifact.StoredArtifact;
import io.volant.manifest.BootChoice;
import io.volant.manifest.CloudInit;
import io.volant.manifest.CloudInitDocument;
import io.volant.manifest.Disk;
import io.volant.manifest.HealthCheck;
import io.volant.manifest.ImageFormat;
import io.volant.manifest.InitMode;
import io.volant.manifest.Initramfs;
import io.volant.manifest.Lineage;
import io.volant.manifest.MachineParts;
import io.volant.manifest.NetworkSettings;
import io.volant.manifest.OverlayKind;
import io.volant.manifest.PluginIdentity;
import io.volant.manifest.PluginManifest;
import io.volant.manifest.Resources;
import io.volant.manifest.Rootfs;
import io.volant.manifest.ServiceDescription;
import io.volant.manifest.Workload;
import io.volant.plugin.Plugin;
import io.volant.vm.VmConfig;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A VM's config in the words of those who ask for VMs: as a request, which is what the API shows,
 * and as a manifest, so that a change of it is planned as a new VM is: what the change does not say
 * stays as it is, and not as the plugin has it by now. Pure.
 */
public final class VmInWords {

  private final VmConfig config;

  /** The words for a config. */
  public VmInWords(VmConfig config) {
    this.config = config;
  }

  /**
   * The plugin that makes such VMs, with what they are made of.
   *
   * @param env the environment, unless the change brings another
   */
  Plugin plugin(Map<String, String> env) {
    Map<String, StoredArtifact> images = new HashMap<>();
    config.disks().forEach(disk -> images.put(disk.name(), disk.image()));
    return new Plugin(manifest(env), config.boot().artifact(), images, true, Instant.EPOCH);
  }

  /** The config as one may send it back. */
  public VmRequest.Config request() {
    VmConfig.Machine machine = config.machine();
    VmConfig.ApiTarget target = config.api();
    BootChoice boot = boot();
    return new VmRequest.Config(
        config.plugin().name(),
        config.plugin().runtime(),
        machine.kernelCmdline(),
        machine.kernel(),
        new VmRequest.Sizes(machine.cpuCores(), machine.memoryMib()),
        target == null
            ? null
            : new VmRequest.Api(
                target.host(), target.port() == null ? null : Integer.toString(target.port())),
        null,
        network(),
        boot.initramfs(),
        boot.rootfs(),
        seed(),
        config.workload().env(),
        health(),
        config.metadata(),
        VmRequest.Restart.of(config.restartPolicy()));
  }

  private @Nullable HealthCheck health() {
    VmConfig.HealthCheck health = config.workload().health();
    String path = health.path();
    return path == null ? null : new HealthCheck(path, health.timeoutMs());
  }

  private static String checksum(StoredArtifact artifact) {
    return "sha256:" + artifact.digest();
  }

  private PluginManifest manifest(Map<String, String> env) {
    VmConfig.PluginRef plugin = config.plugin();
    return new PluginManifest(
        new PluginIdentity(null, "1.0", plugin.name(), plugin.version(), plugin.runtime(), null),
        new Resources(config.machine().cpuCores(), config.machine().memoryMib()),
        workload(env),
        boot(),
        new MachineParts(config.disks().stream().map(this::disk).toList(), seed(), network(), null),
        new ServiceDescription(Map.of(), health(), null),
        Lineage.NONE);
  }

  private Workload workload(Map<String, String> env) {
    VmConfig.Workload workload = config.workload();
    String port = workload.port() == null ? "" : ":" + workload.port();
    return new Workload(
        "http",
        "http://127.0.0.1" + port + workload.basePath(),
        workload.entrypoint(),
        env,
        workload.workdir(),
        workload.user());
  }

  private BootChoice boot() {
    VmConfig.BootMedium medium = config.boot();
    String checksum = checksum(medium.artifact());
    return switch (medium.kind()) {
      case INITRAMFS ->
          new BootChoice(
              new Initramfs(
                  medium.url(), checksum, config.workload().agent() ? null : InitMode.CUSTOM),
              null);
      case ROOTFS -> new BootChoice(null, rootfs(medium, Objects.requireNonNull(medium.root())));
    };
  }

  private static Rootfs rootfs(VmConfig.BootMedium medium, VmConfig.RootDisk root) {
    return new Rootfs(
        medium.url(),
        checksum(medium.artifact()),
        root.format() == DiskFormat.QCOW2 ? ImageFormat.QCOW2 : imageFormat(root.fileSystem()),
        switch (root.overlay()) {
          case DISK -> OverlayKind.DISK;
          case MEMORY -> OverlayKind.MEMORY;
        },
        root.overlaySize());
  }

  /** A raw image by its file system, where that has a name among the formats. */
  private static ImageFormat imageFormat(@Nullable String fileSystem) {
    for (ImageFormat format : ImageFormat.values()) {
      if (fileSystem != null && format.fileSystem().filter(fileSystem::equals).isPresent()) {
        return format;
      }
    }
    return ImageFormat.RAW;
  }

  private Disk disk(VmConfig.ExtraDisk disk) {
    return new Disk(
        disk.name(),
        disk.url(),
        disk.format() == DiskFormat.QCOW2
            ? io.volant.manifest.DiskFormat.QCOW2
            : io.volant.manifest.DiskFormat.RAW,
        checksum(disk.image()),
        disk.readOnly(),
        disk.target());
  }

  private @Nullable CloudInit seed() {
    VmConfig.Seed seed = config.seed();
    return seed == null
        ? null
        : new CloudInit(
            null,
            null,
            document(seed.userData()),
            document(seed.metaData()),
            document(seed.networkConfig()));
  }

  private static @Nullable CloudInitDocument document(@Nullable String content) {
    return content == null ? null : new CloudInitDocument(null, content, null);
  }

  private NetworkSettings network() {
    return new NetworkSettings(
        switch (config.network()) {
          case BRIDGED -> io.volant.manifest.NetworkMode.BRIDGED;
          case VSOCK -> io.volant.manifest.NetworkMode.VSOCK;
        },
        null,
        null,
        null,
        List.of());
  }
}
