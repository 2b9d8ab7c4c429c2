package io.volant.host;

import io.volant.artifact.DiskFormat;
import io.volant.artifact.StoredImage;
import io.volant.manifest.CloudInit;
import io.volant.manifest.CloudInitDocument;
import io.volant.manifest.Disk;
import io.volant.manifest.ImageFormat;
import io.volant.manifest.OverlayKind;
import io.volant.manifest.PluginManifest;
import io.volant.manifest.Rootfs;
import io.volant.model.FieldProblem;
import io.volant.vm.OverlaySize;
import io.volant.vm.VmConfig;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The disks of a new VM: its manifest's, and the cloud-init documents of request and manifest, the
 * request's first, one by one. Pure.
 */
final class StoragePlan {

  /** As many bytes as a document of cloud-init may have: the seed has room for three of them. */
  static final int DOCUMENT_BYTES_MAX = 1 << 20;

  private final PluginManifest manifest;
  private final @Nullable CloudInit asked;

  /**
   * @param manifest the VM's
   * @param asked what the request says about cloud-init; null: nothing
   */
  StoragePlan(PluginManifest manifest, @Nullable CloudInit asked) {
    this.manifest = manifest;
    this.asked = asked;
  }

  /** What is wrong with it, for people. */
  List<FieldProblem> problems() {
    List<FieldProblem> problems = new ArrayList<>();
    check("config.cloud_init.", asked, problems);
    check("cloud_init.", manifest.cloudInit(), problems);
    Set<String> targets = new HashSet<>();
    for (int i = 0; i < manifest.disks().size(); i++) {
      String target = manifest.disks().get(i).target();
      if (target != null && target.startsWith("/") && !targets.add(target)) {
        problems.add(new FieldProblem("disks[" + i + "].target", "is used by an earlier disk too"));
      }
    }
    return problems;
  }

  /** Why a root file system's overlay cannot be, for people; null: it can. */
  static @Nullable String overlayProblem(Rootfs rootfs) {
    String size = rootfs.overlaySize();
    if (size == null || rootfs.overlayKind() == OverlayKind.MEMORY) {
      return null;
    }
    try {
      OverlaySize.diskBytes(size);
      return null;
    } catch (IllegalArgumentException wrong) {
      return wrong.getMessage();
    }
  }

  static VmConfig.RootDisk root(Rootfs rootfs, StoredImage image) {
    return new VmConfig.RootDisk(
        rootfs.format() == ImageFormat.QCOW2 ? DiskFormat.QCOW2 : DiskFormat.RAW,
        image.fileSystem(),
        switch (rootfs.overlayKind()) {
          case DISK -> VmConfig.RootDisk.Overlay.DISK;
          case MEMORY -> VmConfig.RootDisk.Overlay.MEMORY;
        },
        rootfs.overlaySize());
  }

  List<VmConfig.ExtraDisk> disks(Media media) {
    List<VmConfig.ExtraDisk> disks = new ArrayList<>();
    for (int i = 0; i < manifest.disks().size(); i++) {
      Disk disk = manifest.disks().get(i);
      StoredImage image = media.disks().get(i);
      disks.add(
          new VmConfig.ExtraDisk(
              disk.name(),
              disk.source(),
              image.artifact(),
              MediaPlan.format(disk),
              disk.writeProtected(),
              disk.target(),
              image.fileSystem()));
    }
    return disks;
  }

  VmConfig.@Nullable Seed seed() {
    return asked == null && manifest.cloudInit() == null
        ? null
        : new VmConfig.Seed(
            document(CloudInit::userData),
            document(CloudInit::metaData),
            document(CloudInit::networkConfig));
  }

  private @Nullable String document(Function<CloudInit, @Nullable CloudInitDocument> which) {
    CloudInitDocument first = asked == null ? null : which.apply(asked);
    CloudInit ofPlugin = manifest.cloudInit();
    CloudInitDocument second = ofPlugin == null ? null : which.apply(ofPlugin);
    CloudInitDocument chosen = first != null ? first : second;
    return chosen == null ? null : chosen.content();
  }

  private static void check(
      String prefix, @Nullable CloudInit cloudInit, List<FieldProblem> problems) {
    if (cloudInit == null) {
      return;
    }
    cloudInit
        .documents()
        .forEach((name, document) -> {
          String content = document.content();
          if (content == null) {
            problems.add(new FieldProblem(prefix + name + ".path", CloudInit.NOT_INLINE));
          } else if (content.getBytes(StandardCharsets.UTF_8).length > DOCUMENT_BYTES_MAX) {
            problems.add(
                new FieldProblem(
                    prefix + name, "must be at most " + DOCUMENT_BYTES_MAX + " bytes"));
          }
        });
  }
}
