package io.volant.plugin;

import io.volant.artifact.DiskFormat;
import io.volant.artifact.StoredArtifact;
import io.volant.manifest.Disk;
import io.volant.manifest.ImageFormat;
import io.volant.manifest.Initramfs;
import io.volant.manifest.PluginManifest;
import io.volant.manifest.Rootfs;
import java.util.ArrayList;
import java.util.List;

/** The artifacts that a plugin has because its manifest names them. */
final class OwnArtifacts {

  private OwnArtifacts() {}

  static List<PluginArtifact> of(Plugin plugin) {
    PluginManifest manifest = plugin.manifest();
    List<PluginArtifact> own = new ArrayList<>();
    own.add(boot(plugin));
    for (Disk disk : manifest.disks()) {
      StoredArtifact stored = plugin.disks().get(disk.name());
      if (stored != null) { // an older version did not fetch them at the installation
        own.add(
            new PluginArtifact(
                manifest.version(),
                disk.name(),
                "disk",
                disk.source(),
                disk.format() == io.volant.manifest.DiskFormat.QCOW2
                    ? DiskFormat.QCOW2
                    : DiskFormat.RAW,
                stored));
      }
    }
    return own;
  }

  private static PluginArtifact boot(Plugin plugin) {
    String version = plugin.manifest().version();
    return switch (plugin.manifest().bootMedium()) {
      case Initramfs archive ->
          new PluginArtifact(
              version, "initramfs", "initramfs", archive.url(), null, plugin.artifact());
      case Rootfs image ->
          new PluginArtifact(
              version,
              "rootfs",
              "rootfs",
              image.url(),
              image.format() == ImageFormat.QCOW2 ? DiskFormat.QCOW2 : DiskFormat.RAW,
              plugin.artifact());
    };
  }
}
