package io.volant.vm;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The size of an overlay as a manifest has it: {@code 512M}, {@code 2G}, {@code 50%}. Pure. */
public final class OverlaySize {

  /** Less has no room for a file system's own things. */
  private static final long DISK_BYTES_MIN = 16L << 20;

  /** As large as ext4 is with its usual blocks. */
  private static final long DISK_BYTES_MAX = 16L << 40;

  private static final Pattern BYTES = Pattern.compile("([1-9][0-9]{0,5})([KMGT])");
  private static final Pattern PERCENT = Pattern.compile("([1-9][0-9]?|100)%");

  private OverlaySize() {}

  /**
   * The size of an overlay disk in bytes.
   *
   * @throws IllegalArgumentException with a message for people
   */
  public static long diskBytes(String size) {
    long bytes = bytes(size);
    if (bytes < DISK_BYTES_MIN || bytes > DISK_BYTES_MAX) {
      throw new IllegalArgumentException("an overlay disk has from 16M to 16T, not " + size);
    }
    return bytes;
  }

  /**
   * The size of an overlay in memory as kestrel reads it: bytes, or a number and {@code %}.
   *
   * @throws IllegalArgumentException with a message for people
   */
  static String ofMemory(String size) {
    return PERCENT.matcher(size).matches() ? size : Long.toString(bytes(size));
  }

  private static long bytes(String size) {
    Matcher matcher = BYTES.matcher(size);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "the overlay's size is a number with K, M, G or T, not " + size);
    }
    int shift = 10 * ("KMGT".indexOf(matcher.group(2)) + 1);
    return Long.parseLong(matcher.group(1)) << shift;
  }
}
