package io.volant.fledge.oci;

import org.jspecify.annotations.Nullable;

/**
 * An image in a registry.
 *
 * @param registry its host, and port if there is one
 * @param repository its name there, such as {@code library/nginx}
 * @param tag which of its versions
 * @param manifestDigest exactly which, {@code sha256:…}; goes before the tag. Null: what the tag
 *     stands for now
 */
public record RegistryName(
    String registry, String repository, String tag, @Nullable String manifestDigest) {

  RegistryHost host() {
    return new RegistryHost(registry);
  }

  @Nullable Digest digest() {
    return manifestDigest == null ? null : new Digest(manifestDigest.substring("sha256:".length()));
  }

  /** What the registry is asked for. */
  String wanted() {
    return manifestDigest == null ? tag : manifestDigest;
  }
}
