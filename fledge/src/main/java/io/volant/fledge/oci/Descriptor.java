package io.volant.fledge.oci;

import io.volant.fledge.report.BuildFailure;
import org.jspecify.annotations.Nullable;

/**
 * What a document of an image says about another part of it.
 *
 * @param mediaType what kind of part; may be empty
 * @param digest its name
 * @param sizeBytes how large it must be
 * @param platform which machines it is for; null: it does not say
 * @param referenceName its tag in an OCI layout; null: none
 */
record Descriptor(
    String mediaType,
    Digest digest,
    long sizeBytes,
    @Nullable Platform platform,
    @Nullable String referenceName) {
  private static final String REFERENCE_NAME = "org.opencontainers.image.ref.name";

  static Descriptor read(Fields fields) throws BuildFailure {
    String mediaType = fields.text("mediaType");
    Long sizeBytes = fields.number("size");
    if (sizeBytes == null || sizeBytes < 0) {
      throw fields.mistake("has no \"size\" of 0 or more");
    }
    Fields annotations = fields.object("annotations");
    return new Descriptor(
        mediaType == null ? "" : mediaType,
        Digest.parse(fields.requiredText("digest"), fields.where()),
        sizeBytes,
        platform(fields.object("platform")),
        annotations == null ? null : annotations.text(REFERENCE_NAME));
  }

  /** The platform that an index or a configuration names; null: none. */
  static @Nullable Platform platform(@Nullable Fields fields) throws BuildFailure {
    if (fields == null) {
      return null;
    }
    String system = fields.text("os");
    String architecture = fields.text("architecture");
    return system == null || architecture == null || system.isEmpty() || architecture.isEmpty()
        ? null
        : new Platform(system, architecture, fields.text("variant"));
  }
}
