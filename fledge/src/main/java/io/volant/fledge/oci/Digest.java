package io.volant.fledge.oci;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.report.OneLine;
import io.volant.fledge.tree.Sha256;
import java.util.regex.Pattern;

/**
 * The name of some bytes by their SHA-256. Safe as a file's name.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
record Digest(String hex) {
  private static final String PREFIX = "sha256:";
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");
  private static final int SHORT_DIGITS = 12;

  /** Checked. */
  Digest {
    if (!isHex(hex)) {
      throw new IllegalArgumentException("not a SHA-256: " + hex);
    }
  }

  static boolean isHex(String text) {
    return HEX.matcher(text).matches();
  }

  /**
   * What an image's documents have as digest.
   *
   * @param where to be read before the mistake, such as {@code manifest of x: config}
   */
  static Digest parse(String text, String where) throws BuildFailure {
    if (!text.startsWith(PREFIX) || !isHex(text.substring(PREFIX.length()))) {
      throw new BuildFailure(
          ExitCode.INPUT,
          OneLine.of(
              where
                  + " has the digest \""
                  + text
                  + "\"; only sha256: with 64 lower-case hexadecimal digits is allowed"));
    }
    return new Digest(text.substring(PREFIX.length()));
  }

  static Digest of(byte[] bytes) {
    return new Digest(Sha256.of(bytes));
  }

  /** Enough of it for a person. */
  String shortened() {
    return PREFIX + hex.substring(0, SHORT_DIGITS) + "…";
  }

  /** {@code sha256:…}. */
  @Override
  public String toString() {
    return PREFIX + hex;
  }
}
