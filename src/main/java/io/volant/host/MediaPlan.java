package io.volant.host;

import io.volant.artifact.ArtifactRef;
import io.volant.artifact.DiskFormat;
import io.volant.artifact.StoredArtifact;
import io.volant.artifact.StoredImage;
import io.volant.manifest.BootMedium;
import io.volant.manifest.Disk;
import io.volant.manifest.ImageFormat;
import io.volant.manifest.Initramfs;
import io.volant.manifest.PluginManifest;
import io.volant.manifest.Rootfs;
import io.volant.plugin.Plugin;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is to be in the store before a plugin or a VM can be. Pure.
 *
 * @param boot the boot medium
 * @param disks the further disks, in the manifest's order
 */
record MediaPlan(Item boot, List<Item> disks) {

  /**
   * One of them.
   *
   * @param field that names it in the request, for messages
   * @param source where it comes from
   * @param format to look at its header as; null: an archive, which is not looked at
   * @param fileSystem that it is said to have; null: nothing is said
   * @param known what the store has of it already; null: nothing
   */
  record Item(
      String field,
      ArtifactRef source,
      @Nullable DiskFormat format,
      @Nullable String fileSystem,
      @Nullable StoredArtifact known) {

    /** The field that tells where it comes from. */
    String locationField() {
      return field + (field.startsWith("disks[") ? ".source" : ".url");
    }
  }

  MediaPlan {
    disks = List.copyOf(disks);
  }

  /** All of it, where nothing is to be fetched or looked at: no wait is needed then. */
  Optional<Media> known() {
    StoredArtifact there = boot.known();
    return there != null && boot.format() == null && disks.isEmpty()
        ? Optional.of(new Media(new StoredImage(there, null), List.of()))
        : Optional.empty();
  }

  /** All that a plugin brings. */
  static MediaPlan of(PluginManifest manifest) {
    return new MediaPlan(
        item(fieldOf(manifest.bootMedium()), manifest.bootMedium(), null),
        disks(manifest, List.of(), null));
  }

  /**
   * What a VM needs.
   *
   * @param medium what it boots from
   * @param field that named it
   * @param manifest its manifest, the plugin's or its own
   * @param plugin whose media are in the store
   */
  static MediaPlan of(BootMedium medium, String field, PluginManifest manifest, Plugin plugin) {
    boolean same = medium.equals(plugin.manifest().bootMedium());
    return new MediaPlan(
        item(field, medium, same ? plugin.artifact() : null),
        disks(manifest, plugin.manifest().disks(), plugin));
  }

  private static String fieldOf(BootMedium medium) {
    return switch (medium) {
      case Initramfs _ -> "initramfs";
      case Rootfs _ -> "rootfs";
    };
  }

  private static Item item(String field, BootMedium medium, @Nullable StoredArtifact known) {
    ArtifactRef source = new ArtifactRef(medium.url(), medium.checksum());
    return switch (medium) {
      case Initramfs _ -> new Item(field, source, null, null, known);
      case Rootfs rootfs -> {
        ImageFormat format = rootfs.format();
        yield new Item(
            field,
            source,
            format == ImageFormat.QCOW2 ? DiskFormat.QCOW2 : DiskFormat.RAW,
            format == null ? null : format.fileSystem().orElse(null),
            known);
      }
    };
  }

  private static List<Item> disks(
      PluginManifest manifest, List<Disk> ofPlugin, @Nullable Plugin plugin) {
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < manifest.disks().size(); i++) {
      Disk disk = manifest.disks().get(i);
      items.add(
          new Item(
              "disks[" + i + "]",
              new ArtifactRef(disk.source(), disk.checksum()),
              format(disk),
              null,
              plugin != null && ofPlugin.contains(disk) ? plugin.disks().get(disk.name()) : null));
    }
    return items;
  }

  /** How a further disk is stored. */
  static DiskFormat format(Disk disk) {
    return disk.format() == io.volant.manifest.DiskFormat.QCOW2 ? DiskFormat.QCOW2 : DiskFormat.RAW;
  }
}
