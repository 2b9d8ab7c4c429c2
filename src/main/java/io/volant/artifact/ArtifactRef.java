package io.volant.artifact;

import org.jspecify.annotations.Nullable;

/**
 * Where a boot medium comes from.
 *
 * @param url http(s) URL, {@code file://} URL or absolute path
 * @param checksum {@code sha256:<hex>} or bare hex; without one the content is taken as it comes
 */
public record ArtifactRef(String url, @Nullable String checksum) {}
