package io.volant.manifest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A disk image with a root file system.
 *
 * @param url where it is, see {@link BootMedium#url()}
 * @param checksum see {@link BootMedium#checksum()}
 * @param format how to read the image; absent means raw
 * @param overlay where changes go when the file system is read-only (squashfs, erofs); absent: to a
 *     disk, but to memory when the size is in percent
 * @param overlaySize how much of them, such as {@code 2G}, or {@code 50%} of the memory; absent:
 *     the host's default
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Rootfs(
    @JsonProperty("url") String url,
    @JsonProperty("checksum") @Nullable String checksum,
    @JsonProperty("format") @Nullable ImageFormat format,
    @JsonProperty("overlay") @Nullable OverlayKind overlay,
    @JsonProperty("overlay_size") @Nullable String overlaySize)
    implements BootMedium {

  /** Where changes go, with the default applied. */
  public OverlayKind overlayKind() {
    boolean ofMemory = overlaySize != null && overlaySize.endsWith("%");
    return Objects.requireNonNullElse(overlay, ofMemory ? OverlayKind.MEMORY : OverlayKind.DISK);
  }
}
