package io.volant.fledge.oci;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.report.OneLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Follows what stands behind a reference to this machine's image, its configuration and layers. */
final class ImageResolver {
  /** An index may name another index, but nobody needs more than that. */
  private static final int INDEXES_MAX = 3;

  private static final Set<String> IMAGE_CONFIGS =
      Set.of(
          "",
          "application/vnd.oci.image.config.v1+json",
          "application/vnd.docker.container.image.v1+json");

  /** Attestations stand in an index under this name; they are no images. */
  private static final String NO_SYSTEM = "unknown";

  private final String reference;
  private final BlobStore store;
  private final Platform platform;

  ImageResolver(String reference, BlobStore store, Platform platform) {
    this.reference = reference;
    this.store = store;
    this.platform = platform;
  }

  /**
   * The image.
   *
   * @param top what the reference leads to: a manifest or an index, whose digest is right
   */
  ImagePlan resolve(byte[] top) throws BuildFailure {
    byte[] bytes = top;
    ImageDocument document = ImageDocument.read(bytes, "the manifest of " + reference);
    for (int indexes = 0; document instanceof ImageDocument.Index(var images); indexes++) {
      if (indexes == INDEXES_MAX) {
        throw refused("has an index that leads to an index that leads to an index");
      }
      String where = "the manifest of " + reference + " for " + platform;
      bytes = store.document(choice(images), ImageDocument.BYTES_MAX, where);
      document = ImageDocument.read(bytes, where);
    }
    if (document instanceof ImageDocument.Manifest manifest) {
      return plan(Digest.of(bytes), manifest);
    }
    throw new IllegalStateException("a document is an index or a manifest");
  }

  private Descriptor choice(List<Descriptor> images) throws BuildFailure {
    for (Descriptor image : images) {
      if (image.platform() != null && platform.runs(image.platform())) {
        return image;
      }
    }
    // An index that only gathers tags need not name platforms.
    if (images.size() == 1 && images.getFirst().platform() == null) {
      return images.getFirst();
    }
    List<String> there =
        images.stream()
            .map(Descriptor::platform)
            .filter(found -> found != null && !found.system().equals(NO_SYSTEM))
            .map(String::valueOf)
            .distinct()
            .toList();
    throw refused(
        "is not there for "
            + platform
            + (there.isEmpty()
                ? ", and names no platform"
                : ", only for " + String.join(", ", there)));
  }

  private ImagePlan plan(Digest digest, ImageDocument.Manifest manifest) throws BuildFailure {
    if (!IMAGE_CONFIGS.contains(manifest.config().mediaType())) {
      throw refused(
          "is not a container image: its configuration is of the type "
              + manifest.config().mediaType());
    }
    String where = "the configuration of " + reference;
    ConfigDocument config =
        ConfigDocument.read(
            store.document(manifest.config(), ConfigDocument.BYTES_MAX, where), where);
    checkPlatform(config.platform());
    if (config.diffIds().size() != manifest.layers().size()) {
      throw refused(
          "has "
              + manifest.layers().size()
              + " layers in its manifest and "
              + config.diffIds().size()
              + " in its configuration");
    }
    List<LayerPlan> layers = new ArrayList<>();
    for (Descriptor layer : manifest.layers()) {
      layers.add(store.layer(layer, config.diffIds().get(layers.size())));
    }
    return new ImagePlan(reference, digest.toString(), config.config(), layers);
  }

  private void checkPlatform(@Nullable Platform found) throws BuildFailure {
    if (found != null && !platform.runs(found)) {
      throw refused("is for " + found + ", and this machine is " + platform);
    }
  }

  private BuildFailure refused(String why) {
    return new BuildFailure(ExitCode.INPUT, OneLine.of(reference + " " + why));
  }
}
