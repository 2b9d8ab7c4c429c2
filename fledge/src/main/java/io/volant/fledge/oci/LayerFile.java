package io.volant.fledge.oci;

import java.nio.file.Path;

/**
 * A layer that has been fetched, checked and decompressed.
 *
 * @param digest the digest of the compressed layer, {@code sha256:…}, for messages
 * @param tar the uncompressed archive in the cache; it never changes
 */
public record LayerFile(String digest, Path tar) {}
