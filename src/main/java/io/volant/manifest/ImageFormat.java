package io.volant.manifest;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Optional;

/**
 * How an image is stored. Existing manifests also put the file system here; such an image is raw
 * and the name is the file system to mount.
 */
public enum ImageFormat {
  /** Plain bytes of a disk; the file system is found by looking. */
  @JsonProperty("raw")
  RAW,
  /** A QEMU copy-on-write image. */
  @JsonProperty("qcow2")
  QCOW2,
  /** A raw image with ext4. */
  @JsonProperty("ext4")
  EXT4,
  /** A raw image with xfs. */
  @JsonProperty("xfs")
  XFS,
  /** A raw image with btrfs. */
  @JsonProperty("btrfs")
  BTRFS,
  /** A raw, read-only image with squashfs. */
  @JsonProperty("squashfs")
  SQUASHFS,
  /** A raw, read-only image with erofs. */
  @JsonProperty("erofs")
  EROFS;

  /**
   * The file system that this format names, such as {@code ext4}; empty for raw and qcow2, which
   * name none.
   */
  public Optional<String> fileSystem() {
    return switch (this) {
      case RAW, QCOW2 -> Optional.empty();
      case EXT4 -> Optional.of("ext4");
      case XFS -> Optional.of("xfs");
      case BTRFS -> Optional.of("btrfs");
      case SQUASHFS -> Optional.of("squashfs");
      case EROFS -> Optional.of("erofs");
    };
  }
}
