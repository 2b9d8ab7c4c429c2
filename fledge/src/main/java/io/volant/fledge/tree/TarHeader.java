package io.volant.fledge.tree;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One entry's header in a POSIX tar: 512 bytes, and records before it for what has no room there.
 */
final class TarHeader {
  static final int BLOCK_BYTES = 512;

  private static final byte RECORDS = 'x';

  /**
   * GNU's way for a long target, which every program reads. mksquashfs 4.5 cuts a {@code ../} off
   * the start of a target in a POSIX record.
   */
  private static final byte LONG_TARGET = 'K';

  private static final int NAME_BYTES = 100;
  private static final int CHECKSUM_AT = 148;
  private static final int CHECKSUM_BYTES = 8;

  private final byte type;
  private final byte[] name;
  private final Attributes attributes;
  private final SortedMap<String, byte[]> records = new TreeMap<>();
  private byte[] target = new byte[0];
  private long sizeBytes;
  private int major;
  private int minor;

  /**
   * @param type what it is, as the format has it
   * @param name without a slash at the start
   */
  TarHeader(char type, String name, Attributes attributes) {
    this.type = (byte) type;
    this.name = name.getBytes(StandardCharsets.UTF_8);
    this.attributes = attributes;
  }

  TarHeader target(String text) {
    target = text.getBytes(StandardCharsets.UTF_8);
    return this;
  }

  TarHeader size(long bytes) {
    sizeBytes = bytes;
    return this;
  }

  TarHeader device(int majorNumber, int minorNumber) {
    major = majorNumber;
    minor = minorNumber;
    return this;
  }

  void write(OutputStream output) throws IOException {
    byte[] block = block();
    attributes
        .extended()
        .forEach((key, value) ->
            records.put("SCHILY.xattr." + key, value.getBytes(StandardCharsets.ISO_8859_1)));
    if (target.length > NAME_BYTES) {
      writeBefore(output, LONG_TARGET, Arrays.copyOf(target, target.length + 1));
    }
    if (!records.isEmpty()) {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      records.forEach((key, value) -> writeRecord(body, key, value));
      writeBefore(output, RECORDS, body.toByteArray());
    }
    output.write(block);
  }

  private byte[] block() {
    byte[] block = new byte[BLOCK_BYTES];
    text(block, 0, name);
    if (!isPlain(name)) {
      records.put("path", name);
    }
    octal(block, 100, 8, attributes.mode(), "mode");
    octal(block, 108, 8, Integer.toUnsignedLong(attributes.uid()), "uid");
    octal(block, 116, 8, Integer.toUnsignedLong(attributes.gid()), "gid");
    octal(block, 124, 12, sizeBytes, "size");
    octal(block, 136, 12, attributes.modifiedS(), "mtime");
    block[156] = type;
    text(block, 157, target);
    System.arraycopy("ustar\00000".getBytes(StandardCharsets.US_ASCII), 0, block, 257, 8);
    octal(block, 329, 8, major, "SCHILY.devmajor");
    octal(block, 337, 8, minor, "SCHILY.devminor");
    checksum(block);
    return block;
  }

  private static void checksum(byte[] block) {
    int sum = CHECKSUM_BYTES * ' '; // the field itself counts as blanks
    for (byte one : block) {
      sum += Byte.toUnsignedInt(one);
    }
    byte[] digits = String.format(Locale.ROOT, "%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(digits, 0, block, CHECKSUM_AT, CHECKSUM_BYTES);
  }

  /** As much of the text as fits. */
  private static void text(byte[] block, int at, byte[] text) {
    System.arraycopy(text, 0, block, at, Math.min(text.length, NAME_BYTES));
  }

  /** Whether every program understands the text as it is. */
  private static boolean isPlain(byte[] text) {
    boolean isPlain = text.length <= NAME_BYTES;
    for (byte one : text) {
      isPlain &= one >= 0;
    }
    return isPlain;
  }

  /** The number where it belongs, or 0 there and a record if it has too many digits. */
  private void octal(byte[] block, int at, int bytes, long number, String key) {
    long max = (1L << (3 * (bytes - 1))) - 1;
    boolean fits = number >= 0 && number <= max;
    String digits = Long.toOctalString(fits ? number : 0);
    byte[] padded =
        ("0".repeat(bytes - 1 - digits.length()) + digits).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(padded, 0, block, at, padded.length);
    if (!fits) {
      records.put(key, Long.toString(number).getBytes(StandardCharsets.US_ASCII));
    }
  }

  /** An entry that only tells something about the one after it. */
  private static void writeBefore(OutputStream output, byte type, byte[] body) throws IOException {
    TarHeader header = new TarHeader((char) type, "more", Attributes.ofRoot(0644));
    output.write(header.size(body.length).block());
    output.write(body);
    output.write(new byte[padding(body.length)]);
  }

  /** A record's length comes first and counts itself. */
  private static void writeRecord(ByteArrayOutputStream body, String key, byte[] value) {
    byte[] start = (" " + key + "=").getBytes(StandardCharsets.UTF_8);
    int rest = start.length + value.length + 1;
    int length = rest + Integer.toString(rest).length();
    if (Integer.toString(length).length() > Integer.toString(rest).length()) {
      length++;
    }
    body.writeBytes(Integer.toString(length).getBytes(StandardCharsets.US_ASCII));
    body.writeBytes(start);
    body.writeBytes(value);
    body.write('\n');
  }

  /** How many bytes are missing to a whole block. */
  static int padding(long bytes) {
    return (int) (-bytes & (BLOCK_BYTES - 1));
  }
}
