package io.volant.manifest;

/**
 * One thing that is wrong with a manifest.
 *
 * @param field where: a path such as {@code resources.cpu_cores} or {@code disks[0].name}, or
 *     {@code manifest} for the document as a whole
 * @param message what is wrong and what is allowed, to be read after the field
 */
public record ManifestProblem(String field, String message) {
  /** The name used for the document as a whole. */
  static final String DOCUMENT = "manifest";

  /** One line: the field, a colon and the message. */
  @Override
  public String toString() {
    return field + ": " + message;
  }
}
