package io.volant.fledge.oci;

import io.volant.fledge.report.BuildFailure;
import java.util.ArrayList;
import java.util.List;

/** What stands behind a tag or a digest: an image, or several to choose from. */
sealed interface ImageDocument {
  /** More than any registry takes. */
  int BYTES_MAX = 4 * 1024 * 1024;

  /** An OCI index, or Docker's manifest list. */
  record Index(List<Descriptor> images) implements ImageDocument {}

  /** An OCI or Docker manifest of one image. */
  record Manifest(Descriptor config, List<Descriptor> layers) implements ImageDocument {}

  /**
   * Reads either by what it holds. One that holds both would be another image for every reader, and
   * is refused.
   *
   * @param where whose it is, to be read before a mistake
   */
  static ImageDocument read(byte[] document, String where) throws BuildFailure {
    Fields fields = Fields.parse(document, where);
    Long version = fields.number("schemaVersion");
    if (version != null && version == 1) {
      throw fields.mistake(
          "has the form of schema version 1, which has been given up; push the image again with a"
              + " current program");
    }
    boolean isIndex = fields.has("manifests");
    boolean isManifest = fields.has("layers") || fields.has("config");
    if (isIndex == isManifest) {
      throw fields.mistake(
          "must have either \"manifests\" (an index) or \"config\" and \"layers\" (an image)");
    }
    return isIndex
        ? new Index(descriptors(fields.objects("manifests")))
        : new Manifest(
            Descriptor.read(fields.requiredObject("config")),
            descriptors(fields.objects("layers")));
  }

  private static List<Descriptor> descriptors(List<Fields> objects) throws BuildFailure {
    List<Descriptor> descriptors = new ArrayList<>();
    for (Fields object : objects) {
      descriptors.add(Descriptor.read(object));
    }
    return List.copyOf(descriptors);
  }
}
