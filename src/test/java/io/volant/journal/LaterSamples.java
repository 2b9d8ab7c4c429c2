package io.volant.journal;

import io.volant.artifact.DiskFormat;
import io.volant.artifact.StoredArtifact;
import io.volant.fake.Requests;
import io.volant.model.Stamp;
import io.volant.model.VmId;
import io.volant.plugin.PluginArtifact;
import io.volant.plugin.PluginEvent;
import io.volant.vm.LaunchSpec;
import io.volant.vm.LaunchSpec.ModuleGroup;
import io.volant.vm.RestartPolicy;
import io.volant.vm.VmConfig;
import io.volant.vm.VmEvent;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Events with fields that they did not have from the start, by the names of their golden files. The
 * files of {@link EventSamples} are from before, and are read for ever as they are.
 */
final class LaterSamples {

  private static final Instant AT = Instant.parse("2026-04-01T12:34:56.789012Z");
  private static final VmId VM = new VmId(4_294_967_303L);
  private static final Stamp STAMP = new Stamp("vm/4294967303#12", "web", AT, "ada", "request-9");
  private static final StoredArtifact ROOT =
      new StoredArtifact("ab".repeat(32), "/var/lib/volant/artifacts/sha256/abab", 12_345_678);
  private static final StoredArtifact DATA =
      new StoredArtifact("cd".repeat(32), "/var/lib/volant/artifacts/sha256/cdcd", 9_876);

  private LaterSamples() {}

  static Map<String, JournalEvent> all() {
    return Map.of(
        "vm.created-rootfs", new VmEvent.Created(STAMP, VM, 1, config()),
        "vm.artifacts_ready-rootfs",
            new VmEvent.ArtifactsReady(STAMP, 2, ROOT, kernel(), List.of(DATA)),
        "vm.disks_ready-rootfs", disksReady(),
        "vm.config_changed-full",
            new VmEvent.ConfigChanged(STAMP, 3, VmEvent.During.RUNNING, restarted()),
        "plugin.artifact_added", new PluginEvent.ArtifactAdded(STAMP, artifact()),
        "plugin.artifact_removed", new PluginEvent.ArtifactRemoved(STAMP, "1.2.0", "model"),
        "plugin.installed-disks",
            new PluginEvent.Installed(
                STAMP, Requests.manifest("hello"), ROOT, Map.of("data", DATA)));
  }

  private static PluginArtifact artifact() {
    return new PluginArtifact(
        "1.2.0", "model", "disk", "https://example.org/model.img", DiskFormat.RAW, DATA);
  }

  private static LaunchSpec.Kernel kernel() {
    return new LaunchSpec.Kernel(
        "debian",
        "/k/debian/vmlinuz",
        false,
        List.of("/m/virtio_net.ko"),
        "/k/debian/m.cpio",
        List.of(
            new ModuleGroup(
                ModuleGroup.Need.ROOTFS, List.of("/m/squashfs.ko"), "/k/debian/r.cpio")));
  }

  private static VmEvent disksReady() {
    return new VmEvent.DisksReady(
        STAMP,
        2,
        "/var/lib/volant/vms/7/initrd",
        List.of(
            new LaunchSpec.BlockDevice("volant-root", ROOT.path(), DiskFormat.RAW, true, null),
            new LaunchSpec.BlockDevice(
                "data",
                "/var/lib/volant/vms/7/data.qcow2",
                DiskFormat.QCOW2,
                false,
                new LaunchSpec.Base(DATA.path(), DiskFormat.RAW))));
  }

  private static VmConfig restarted() {
    VmConfig config = config();
    return new VmConfig(
        config.plugin(),
        config.machine(),
        config.boot(),
        config.disks(),
        config.seed(),
        config.workload(),
        config.network(),
        config.api(),
        Map.of("team", "web"),
        new RestartPolicy(RestartPolicy.When.ON_FAILURE, 5, 1_000, 60_000));
  }

  private static VmConfig config() {
    return new VmConfig(
        new VmConfig.PluginRef("hello", "1.2.0", "hello"),
        new VmConfig.Machine(2, 256, "debian", "quiet"),
        new VmConfig.BootMedium(
            VmConfig.BootMedium.Kind.ROOTFS,
            "https://example.org/hello.squashfs",
            ROOT,
            new VmConfig.RootDisk(
                DiskFormat.RAW, "squashfs", VmConfig.RootDisk.Overlay.DISK, "2G")),
        List.of(
            new VmConfig.ExtraDisk(
                "data", "/images/data.img", DATA, DiskFormat.RAW, false, "/data", "ext4")),
        new VmConfig.Seed("#cloud-config\n", "instance-id: a\n", "version: 2\n"),
        new VmConfig.Workload(
            List.of("/bin/httpd", "-f"),
            Map.of("A", "1"),
            "/srv",
            8_080,
            "/api",
            new VmConfig.HealthCheck("/healthz", 1_500),
            true,
            "www-data:www-data"),
        VmConfig.NetworkMode.BRIDGED,
        new VmConfig.ApiTarget("10.0.0.1", 7_777));
  }
}
