package io.volant.fledge.oci;

import java.util.List;

/**
 * An image of which everything is in the cache.
 *
 * @param reference where it came from, as the recipe writes it
 * @param digest the digest of its manifest for this machine's platform, {@code sha256:…}
 * @param config how it wants to be run
 * @param layers from the lowest to the highest
 */
public record FetchedImage(
    String reference, String digest, ImageConfig config, List<LayerFile> layers) {

  /** Copies the list. */
  public FetchedImage {
    layers = List.copyOf(layers);
  }
}
