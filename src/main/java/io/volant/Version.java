package io.volant;

/** Which Volant this is. */
final class Version {

  private Version() {}

  /** From the jar's manifest; {@code dev} when run from class files. */
  static String text() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "dev" : version;
  }
}
