package io.volant.manifest;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * An extra disk.
 *
 * @param name unique in the manifest
 * @param source where the image is: an http(s) or {@code file:///} URL, or an absolute path
 * @param format absent means raw
 * @param checksum SHA-256 as in {@link BootMedium#checksum()}
 * @param readOnly as written; absent means that the guest may write to its own copy
 * @param target the device name or the folder in the guest
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Disk(
    @JsonProperty("name") String name,
    @JsonProperty("source") String source,
    @JsonProperty("format") @Nullable DiskFormat format,
    @JsonProperty("checksum") @Nullable String checksum,
    @JsonProperty("readonly") @Nullable Boolean readOnly,
    @JsonProperty("target") @Nullable String target) {

  /** Whether the guest may not write. */
  @JsonIgnore
  public boolean writeProtected() {
    return Boolean.TRUE.equals(readOnly);
  }
}
