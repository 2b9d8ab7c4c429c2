package io.volant.fledge.oci.tar;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads the fields of tar headers. */
final class TarFields {
  private static final int BASE_256 = 0x80;
  private static final int NEGATIVE = 0x40;
  private static final int BYTE = 0xFF;
  private static final int OCTAL_BITS = 3;
  private static final int DIGIT_MAX = 7;

  /** What still has room for another digit. */
  private static final long OCTAL_ROOM = Long.MAX_VALUE >> OCTAL_BITS;

  private static final int LONG_BITS = 64;

  private TarFields() {}

  /** A text up to the first zero, or all of the field. */
  static String text(byte[] block, int offset, int length) throws TarFormatException {
    int end = offset;
    while (end < offset + length && block[end] != 0) {
      end++;
    }
    return utf8(block, offset, end - offset);
  }

  /** The bytes as UTF-8. Others have no place in a tree of names. */
  static String utf8(byte[] bytes, int offset, int length) throws TarFormatException {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, offset, length))
          .toString();
    } catch (CharacterCodingException otherEncoding) {
      throw new TarFormatException(
          "has a name that is not UTF-8: "
              + new String(bytes, offset, length, StandardCharsets.ISO_8859_1));
    }
  }

  /** A number in octal digits, or in GNU's binary form for large and negative ones. */
  static long number(byte[] block, int offset, int length) throws TarFormatException {
    return (block[offset] & BASE_256) != 0
        ? binary(block, offset, length)
        : octal(block, offset, length);
  }

  private static long binary(byte[] block, int offset, int length) throws TarFormatException {
    boolean negative = (block[offset] & NEGATIVE) != 0;
    int fill = negative ? BYTE : 0;
    // The first byte's top bit is only the mark of this form.
    int first = negative ? block[offset] & BYTE : block[offset] & ~BASE_256 & BYTE;
    long value = negative ? -1 : 0;
    for (int i = 0; i < length; i++) {
      int part = i == 0 ? first : block[offset + i] & BYTE;
      int left = length - i;
      boolean fits = left <= Long.BYTES || part == fill;
      boolean keepsSign = left != Long.BYTES || part >= BASE_256 == negative;
      if (!fits || !keepsSign) {
        throw new TarFormatException("has a number of more than " + LONG_BITS + " bits");
      }
      value = (value << Byte.SIZE) | part;
    }
    return value;
  }

  private static long octal(byte[] block, int offset, int length) throws TarFormatException {
    int start = offset;
    int end = offset + length;
    while (start < end && isPadding(block[start])) {
      start++;
    }
    while (end > start && isPadding(block[end - 1])) {
      end--;
    }
    long value = 0;
    for (int i = start; i < end; i++) {
      int digit = block[i] - '0';
      if (digit < 0 || digit > DIGIT_MAX || value > OCTAL_ROOM) {
        throw new TarFormatException("has a header with a broken number");
      }
      value = (value << OCTAL_BITS) | digit;
    }
    return value;
  }

  private static boolean isPadding(byte character) {
    return character == ' ' || character == 0;
  }

  /** A number in decimal digits, as extended headers have it. */
  static long decimal(String digits) throws TarFormatException {
    try {
      if (digits.isEmpty() || digits.startsWith("+")) {
        throw new TarFormatException("has an extended header without a number");
      }
      return Long.parseLong(digits);
    } catch (NumberFormatException notOne) {
      throw new TarFormatException("has an extended header with a broken number: " + digits);
    }
  }
}
