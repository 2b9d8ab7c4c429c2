package io.volant.fledge.recipe;

import java.util.Locale;

/** Checksums as recipes write them. */
final class Checksum {
  private Checksum() {}

  /** The 64 lower-case digits of a checksum that the schema has found good. */
  static String digits(String written) {
    String digits = written.startsWith("sha256:") ? written.substring(7) : written;
    return digits.toLowerCase(Locale.ROOT);
  }
}
