package io.volant.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.volant.artifact.DiskFormat;
import io.volant.artifact.StoredArtifact;
import io.volant.artifact.StoredImage;
import io.volant.fake.Requests;
import io.volant.manifest.CloudInit;
import io.volant.manifest.CloudInitDocument;
import io.volant.manifest.InitMode;
import io.volant.manifest.Initramfs;
import io.volant.manifest.OverlayKind;
import io.volant.manifest.PluginManifest;
import io.volant.manifest.Rootfs;
import io.volant.model.FieldProblem;
import io.volant.plugin.Plugin;
import io.volant.vm.VmConfig;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class VmPlanTest {

  private static final HostCapacity CAPACITY = new HostCapacity(8, 16_384);
  private static final StoredArtifact ROOT = new StoredArtifact("ab".repeat(32), "/store/ab", 100);
  private static final StoredArtifact DATA = new StoredArtifact("cd".repeat(32), "/store/cd", 100);
  private static final Media MEDIA =
      new Media(new StoredImage(ROOT, "squashfs"), List.of(new StoredImage(DATA, "ext4")));

  @Test
  void a_manifests_root_disks_and_user_are_taken_over() {
    VmConfig config = plan(Requests.rootfsManifest("disks"), null, null, null).config(MEDIA);

    assertThat(config.boot().kind()).isEqualTo(VmConfig.BootMedium.Kind.ROOTFS);
    assertThat(config.boot().root())
        .isEqualTo(
            new VmConfig.RootDisk(
                DiskFormat.RAW, "squashfs", VmConfig.RootDisk.Overlay.DISK, null));
    assertThat(config.disks())
        .containsExactly(
            new VmConfig.ExtraDisk(
                "data", "/images/data.ext4", DATA, DiskFormat.RAW, false, "/data", "ext4"));
    assertThat(config.seed()).isEqualTo(new VmConfig.Seed("#cloud-config", null, null));
    assertThat(config.workload().user()).isEqualTo("www-data");
    assertThat(config.workload().agent()).isTrue();
  }

  @Test
  void a_manifest_without_any_of_it_has_none() {
    VmConfig config = plan(Requests.manifest("hello"), null, null, null).config(MEDIA);

    assertThat(config.boot().root()).isNull();
    assertThat(config.seed()).isNull();
    assertThat(config.workload().user()).isNull();
  }

  @Test
  void the_requests_documents_win_one_by_one() {
    CloudInit asked =
        new CloudInit(null, null, null, inline("instance-id: x"), inline("version: 2"));

    VmConfig config = plan(Requests.rootfsManifest("disks"), asked, null, null).config(MEDIA);

    assertThat(config.seed())
        .isEqualTo(new VmConfig.Seed("#cloud-config", "instance-id: x", "version: 2"));
  }

  @Test
  void a_document_that_is_still_a_path_or_too_large_is_refused_with_its_field() {
    CloudInit asked =
        new CloudInit(
            null,
            null,
            new CloudInitDocument(null, null, "user-data"),
            inline("ä".repeat(524_289)),
            inline("x".repeat(1 << 20)));

    assertThat(plan(Requests.manifest("hello"), asked, null, null).problems())
        .extracting(FieldProblem::field)
        .containsExactly("config.cloud_init.user_data.path", "config.cloud_init.meta_data");
  }

  @Test
  void a_requests_own_medium_replaces_the_plugins_whatever_its_kind() {
    Rootfs qcow2 =
        new Rootfs("/images/b.qcow2", null, io.volant.manifest.ImageFormat.QCOW2, null, "50%");
    Initramfs custom = new Initramfs("/images/b.cpio", null, InitMode.CUSTOM);

    VmConfig.RootDisk root =
        Objects.requireNonNull(
            plan(Requests.manifest("hello"), null, null, qcow2)
                .config(new Media(new StoredImage(ROOT, null), List.of()))
                .boot()
                .root());
    VmConfig bare = plan(Requests.rootfsManifest("disks"), null, custom, null).config(MEDIA);

    assertThat(root)
        .isEqualTo(
            new VmConfig.RootDisk(DiskFormat.QCOW2, null, VmConfig.RootDisk.Overlay.MEMORY, "50%"));
    assertThat(bare.boot().root()).isNull();
    assertThat(bare.workload().agent()).isFalse();
  }

  @Test
  void an_overlay_disk_that_cannot_be_is_refused_with_what_can() {
    Rootfs tiny = new Rootfs("/images/b", null, null, OverlayKind.DISK, "8M");

    assertThat(plan(Requests.manifest("hello"), null, null, tiny).problems())
        .containsExactly(
            new FieldProblem(
                "config.rootfs.overlay_size", "an overlay disk has from 16M to 16T, not 8M"));
  }

  @Test
  void two_disks_at_one_place_are_refused() {
    PluginManifest manifest =
        Requests.read(
            """
            {"name": "a", "version": "1", "initramfs": {"url": "/a.cpio"},
             "disks": [{"name": "a", "source": "/a", "target": "/data"},
                       {"name": "b", "source": "/b", "target": "vdb"},
                       {"name": "c", "source": "/c", "target": "/data"}],
             "resources": {"cpu_cores": 1, "memory_mb": 64},
             "workload": {"type": "http", "entrypoint": ["/a"], "base_url": "http://127.0.0.1:80"}}
            """);

    assertThat(plan(manifest, null, null, null).problems())
        .containsExactly(new FieldProblem("disks[2].target", "is used by an earlier disk too"));
  }

  @Test
  void what_the_store_has_of_the_plugin_is_not_fetched_again_and_images_are_looked_at_again() {
    MediaPlan initramfs = plan(Requests.manifest("hello"), null, null, null).media();
    MediaPlan rootfs = plan(Requests.rootfsManifest("disks"), null, null, null).media();

    assertThat(initramfs.known()).isPresent();
    assertThat(rootfs.known()).isEmpty();
    assertThat(rootfs.boot().known()).isEqualTo(ROOT);
    assertThat(rootfs.boot().format()).isEqualTo(DiskFormat.RAW);
    assertThat(rootfs.disks()).extracting(MediaPlan.Item::known).containsExactly(DATA);
  }

  private static CloudInitDocument inline(String text) {
    return new CloudInitDocument(true, text, null);
  }

  private static VmPlan plan(
      PluginManifest manifest,
      @Nullable CloudInit cloudInit,
      @Nullable Initramfs initramfs,
      @Nullable Rootfs rootfs) {
    VmRequest.Config config =
        new VmRequest.Config(
            null, null, null, null, null, null, null, null, initramfs, rootfs, cloudInit, null,
            null, null, null);
    VmRequest request =
        new VmRequest("a", manifest.name(), null, null, null, null, null, null, config);
    Plugin plugin =
        new Plugin(
            manifest, ROOT, Map.of("data", DATA), true, Instant.parse("2026-01-01T00:00:00Z"));
    return VmPlan.of(request, plugin, CAPACITY);
  }
}
