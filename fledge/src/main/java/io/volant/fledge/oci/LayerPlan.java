package io.volant.fledge.oci;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * A layer that is to be in the cache.
 *
 * @param name for messages: its digest, or its diff id when it has no other
 * @param digest what it must have as it comes; null: only its diff id is known
 * @param sizeBytes how large it is as it comes; -1: not known
 * @param diffId what it must have without compression
 * @param kept whether the cache keeps it as it comes, too
 * @param source where it comes from
 */
record LayerPlan(
    String name,
    @Nullable Digest digest,
    long sizeBytes,
    Digest diffId,
    boolean kept,
    Source source) {

  /** Where a layer comes from. */
  interface Source {
    /** The layer from its start; the caller closes. */
    InputStream open() throws IOException;
  }
}
