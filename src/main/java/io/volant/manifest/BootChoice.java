package io.volant.manifest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * The two fields of which a manifest has exactly one. Use {@link PluginManifest#bootMedium()}.
 *
 * @param initramfs given when the machine boots from memory
 * @param rootfs given when it boots from a disk
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BootChoice(
    @JsonProperty("initramfs") @Nullable Initramfs initramfs,
    @JsonProperty("rootfs") @Nullable Rootfs rootfs) {

  /** A choice of this medium. */
  public static BootChoice of(BootMedium medium) {
    return switch (medium) {
      case Initramfs initramfs -> new BootChoice(initramfs, null);
      case Rootfs rootfs -> new BootChoice(null, rootfs);
    };
  }
}
