package io.volant.fledge.recipe;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The files that {@code fledge init} writes: a recipe that builds, and says what else there is. */
public final class Template {
  private static final String DEFAULT_IMAGE = "docker://nginx:1.27-alpine";

  private static final String HEAD =
      """
      # schema = "https://volant.io/schemas/fledge-toml-v1.json"
      # Build it with: fledge build
      version = "1"
      """;

  private static final String INITRAMFS =
      """
      # NAME.cpio.gz, which boots from memory. The other one is oci_rootfs: a container image as a disk.
      strategy = "initramfs"

      # kestrel, the guest agent, is the first process. These two tables say otherwise:
      # [init]
      # path = "my-init"           # a program of yours is the first process
      # none = true                # or: the mappings bring /init, and fledge adds nothing
      # [agent]
      # source_strategy = "local"  # a kestrel of your own; or release (version), http (url, checksum)
      # path = "kestrel"
      """;

  private static final String ROOTFS =
      """
      # NAME.img, a container image as a disk. The other one is initramfs: it boots from memory.
      strategy = "oci_rootfs"
      """;

  private static final String NO_IMAGE =
      """

      # A container image below everything, and which busybox is used:
      # [source]
      # image = "docker://alpine:3.20"
      # busybox_url = "https://…"
      # busybox_sha256 = "…"
      """;

  private static final String IMAGE =
      """

      [source]
      # From a registry; or oci:FOLDER, docker-archive:FILE, docker-daemon:NAME.
      image = "IMAGE"
      # Or build one first:
      # dockerfile = "Dockerfile"
      # context = "."
      # target = "run"
      # build_args = { VERSION = "1" }
      """;

  private static final String FILESYSTEM =
      """

      [filesystem]
      # squashfs or erofs (read-only, changes go to an overlay), ext4, xfs, btrfs.
      type = "squashfs"
      # compression_level = 15     # squashfs: 1 to 22
      # overlay = "disk"           # squashfs, erofs: changes survive a stop; memory: they do not
      # overlay_size = "1G"        # or "50%" of the memory
      # size_buffer_mb = 128       # ext4, xfs, btrfs: free space
      # preallocate = false        # ext4, xfs, btrfs: take all space at once
      """;

  private static final String MAPPINGS =
      """

      # What else goes in: "path here" = "/path in the image".
      [mappings]
      """;

  private static final String DEFAULTS_HEAD =
      """
      # schema = "https://volant.io/schemas/fledge-manifest-toml-v1.json"
      # What the plugin runs and needs. The build puts the image's path and checksum in.
      schema_version = "1.0"
      # name = "…"                 # else the name of this folder
      version = "0.1.0"

      [resources]
      cpu_cores = 1
      memory_mb = MEMORY
      """;

  private static final String DEFAULTS_BUSYBOX =
      """

      [workload]
      entrypoint = "/bin/busybox"
      args = ["httpd", "-f", "-p", "8080", "-h", "/www"]
      base_url = "http://127.0.0.1:8080"

      [health_check]
      endpoint = "/"
      timeout_ms = 1000
      """;

  private static final String DEFAULTS_IMAGE =
      """

      # Entrypoint, variables, folder, user and port come from the image; here they can be changed.
      # [workload]
      # entrypoint = ["/usr/sbin/nginx", "-g", "daemon off;"]
      # base_url = "http://127.0.0.1:80"
      # [env]
      # NAME = "value"

      # [health_check]
      # endpoint = "/"
      # timeout_ms = 5000
      """;

  private final Strategy strategy;
  private final @Nullable String image;

  private Template(Strategy strategy, @Nullable String image) {
    this.strategy = strategy;
    this.image = image;
  }

  /** What kind of image the recipe makes. */
  public enum Strategy {
    /** An archive that boots from memory. */
    INITRAMFS,
    /** A root file system made of a container image. */
    OCI_ROOTFS
  }

  /**
   * For a kind of image.
   *
   * @param image the container image to start from; null: none, or an example where one is needed
   */
  public static Template of(Strategy strategy, @Nullable String image) {
    return new Template(strategy, image);
  }

  /** The texts by file name, in the order in which a person reads them. */
  public Map<String, String> files() {
    boolean isInitramfs = strategy == Strategy.INITRAMFS;
    boolean hasImage = image != null || !isInitramfs;
    String from = image == null ? DEFAULT_IMAGE : image;
    Map<String, String> files = new LinkedHashMap<>();
    files.put(
        "fledge.toml",
        HEAD
            + (isInitramfs ? INITRAMFS : ROOTFS)
            + (hasImage ? IMAGE.replace("IMAGE", quoted(from)) : NO_IMAGE)
            + (isInitramfs ? "" : FILESYSTEM)
            + MAPPINGS
            + (hasImage ? "# \"www\" = \"/www\"\n" : "\"www\" = \"/www\"\n"));
    files.put(
        "manifest.toml",
        DEFAULTS_HEAD.replace("MEMORY", hasImage ? "512" : "128")
            + (hasImage ? DEFAULTS_IMAGE : DEFAULTS_BUSYBOX));
    if (!hasImage) {
      files.put("www/index.html", "<!doctype html>\n<title>hello</title>\n<h1>It boots.</h1>\n");
    }
    return files;
  }

  private static String quoted(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"");
  }
}
