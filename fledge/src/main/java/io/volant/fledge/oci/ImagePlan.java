package io.volant.fledge.oci;

import java.util.List;

/**
 * An image of which all is known but the contents of its layers.
 *
 * @param reference as the recipe writes it
 * @param digest of its manifest, or of its configuration when it has none
 * @param config how it wants to be run
 * @param layers from the lowest to the highest
 */
record ImagePlan(String reference, String digest, ImageConfig config, List<LayerPlan> layers) {}
