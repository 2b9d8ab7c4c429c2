package io.volant.manifest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A disk image with a root file system.
 *
 * @param url where it is, see {@link BootMedium#url()}
 * @param checksum see {@link BootMedium#checksum()}
 * @param format how to read the image; absent means raw
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Rootfs(
    @JsonProperty("url") String url,
    @JsonProperty("checksum") @Nullable String checksum,
    @JsonProperty("format") @Nullable ImageFormat format)
    implements BootMedium {}
