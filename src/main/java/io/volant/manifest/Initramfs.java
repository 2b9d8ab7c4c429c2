package io.volant.manifest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A compressed cpio archive that the kernel unpacks into memory.
 *
 * @param url where it is, see {@link BootMedium#url()}
 * @param checksum see {@link BootMedium#checksum()}
 * @param initMode who is its first process; absent means default
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Initramfs(
    @JsonProperty("url") String url,
    @JsonProperty("checksum") @Nullable String checksum,
    @JsonProperty("init_mode") @Nullable InitMode initMode)
    implements BootMedium {

  /** Whether the first process is kestrel. */
  public boolean hasAgent() {
    return initMode == null || initMode == InitMode.DEFAULT;
  }
}
