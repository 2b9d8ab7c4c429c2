package io.volant.manifest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A compressed cpio archive that the kernel unpacks into memory.
 *
 * @param url where it is, see {@link BootMedium#url()}
 * @param checksum see {@link BootMedium#checksum()}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Initramfs(
    @JsonProperty("url") String url, @JsonProperty("checksum") @Nullable String checksum)
    implements BootMedium {}
