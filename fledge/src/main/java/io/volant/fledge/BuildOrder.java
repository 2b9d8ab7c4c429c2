package io.volant.fledge;

import io.volant.manifest.PluginManifest;
import java.nio.file.Path;

/**
 * Everything that the user decided about one build.
 *
 * @param recipe what goes into the image
 * @param manifest the manifest to be, with a boot medium that stands for the one to be built
 * @param image the absolute path of the image to write
 * @param manifestFile the absolute path of the manifest to write
 */
record BuildOrder(Recipe recipe, PluginManifest manifest, Path image, Path manifestFile) {}
