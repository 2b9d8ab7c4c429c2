package io.volant.fledge.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import io.volant.manifest.ManifestReader;
import io.volant.manifest.ManifestResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people have written for the original builder. */
class SeedTextTest {
  private static final String INITRAMFS_MANIFEST =
      """
      {
        "$schema": "https://raw.githubusercontent.com/volantvm/volant/main/docs/schemas/plugin-manifest-v1.json",
        "schema_version": "1.0", "name": "myapp", "version": "0.1.0", "runtime": "myapp",
        "enabled": true,
        "initramfs": { "url": "/path/to/plugin.cpio.gz" },
        "resources": { "cpu_cores": 1, "memory_mb": 512 },
        "workload": {
          "type": "http", "entrypoint": ["/usr/bin/myapp"], "base_url": "http://127.0.0.1:8080"
        },
        "health_check": { "endpoint": "/", "timeout_ms": 10000 }
      }
      """;
  private static final String ROOTFS_MANIFEST =
      """
      {
        "schema_version": "1.0", "name": "nginx", "version": "0.1.0", "runtime": "nginx",
        "enabled": true,
        "rootfs": { "url": "/path/to/rootfs.img", "format": "ext4" },
        "resources": { "cpu_cores": 1, "memory_mb": 1024 },
        "workload": {
          "type": "http",
          "entrypoint": ["/docker-entrypoint.sh", "nginx", "-g", "daemon off;"],
          "base_url": "http://127.0.0.1:80"
        },
        "health_check": { "endpoint": "/", "timeout_ms": 10000 }
      }
      """;

  @ParameterizedTest
  @ValueSource(strings = {INITRAMFS_MANIFEST, ROOTFS_MANIFEST})
  void manifests_are_good(String manifest) {
    assertThat(new ManifestReader().read(manifest.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(ManifestResult.Valid.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        # schema = "https://example.org/fledge.json"
        version = "1"
        strategy = "initramfs"
        [agent]
        source_strategy = "release"
        version = "latest"
        [source]
        busybox_url = "https://busybox.net/downloads/binaries/1.35.0-x86_64-linux-musl/busybox"
        busybox_sha256 = "6e123e7f3202a8c1e9b1f94d8941580a25135382b99e8d3e34fb858bba311348"
        [mappings]
        "myapp" = "/usr/bin/myapp"
        """,
        """
        version = "1"
        strategy = "initramfs"
        [agent]
        source_strategy = "http"
        url = "https://example.org/kestrel"
        checksum = "sha256:6e123e7f3202a8c1e9b1f94d8941580a25135382b99e8d3e34fb858bba311348"
        [source]
        image = "docker-daemon:app:latest"
        """,
        """
        version = "1"
        strategy = "initramfs"
        [init]
        path = "./init"
        [source]
        dockerfile = "./Dockerfile"
        context = "."
        [mappings]
        """,
        """
        version = "1"
        strategy = "initramfs"
        [init]
        none = true
        [mappings]
        "app" = "/init"
        """,
        """
        version = "1"
        strategy = "oci_rootfs"
        [agent]
        source_strategy = "local"
        path = "./kestrel"
        [source]
        image = "docker://nginx:alpine"
        [filesystem]
        type = "ext4"
        size_buffer_mb = 100
        preallocate = false
        [mappings]
        "./nginx.conf" = "/etc/nginx/nginx.conf"
        """,
        """
        version = "1"
        strategy = "oci_rootfs"
        [source]
        dockerfile = "Dockerfile"
        target = "prod"
        [source.build_args]
        VERSION = "1.2"
        [filesystem]
        type = "squashfs"
        compression_level = 15
        overlay_size = "1G"
        """,
      })
  void recipes_are_good(String recipe) {
    assertThat(
            RecipeReader.read(
                "fledge.toml", recipe.getBytes(StandardCharsets.UTF_8), Path.of("/recipes")))
        .isInstanceOf(RecipeResult.Good.class);
  }
}
