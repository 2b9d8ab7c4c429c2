package io.volant.fledge.oci.tar;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The records of an extended header: {@code LENGTH NAME=VALUE\n}. Values are bytes. */
final class PaxRecords {
  /** No extended header. */
  static final PaxRecords NONE = new PaxRecords();

  private static final String EXTENDED_ATTRIBUTE = "SCHILY.xattr.";
  private static final String PIECE_OFFSET = "GNU.sparse.offset";
  private static final String PIECE_LENGTH = "GNU.sparse.numbytes";
  private static final int LENGTH_DIGITS_MAX = 10;
  private static final int ATTRIBUTE_NAME_BYTES_MAX = 255;
  private static final int ATTRIBUTE_BYTES_MAX = 64 * 1024;

  private final Map<String, byte[]> values = new HashMap<>();
  private final List<Long> pieces = new ArrayList<>();

  private PaxRecords() {}

  static PaxRecords parse(byte[] body) throws TarFormatException {
    PaxRecords records = new PaxRecords();
    int position = 0;
    while (position < body.length && body[position] != 0) { // some programs pad with zeros
      position = records.read(body, position);
    }
    return records;
  }

  /** Reads one record and gives where the next begins. */
  private int read(byte[] body, int start) throws TarFormatException {
    int space = indexOf(body, ' ', start, Math.min(body.length, start + LENGTH_DIGITS_MAX + 1));
    long length = TarFields.decimal(latin(body, start, space - start));
    if (length <= space - start + 1 || length > body.length - start) {
      throw broken();
    }
    int end = (int) (start + length) - 1;
    int equals = indexOf(body, '=', space + 1, end);
    String name = TarFields.utf8(body, space + 1, equals - space - 1);
    if (body[end] != '\n' || name.isEmpty() || name.indexOf('\0') >= 0) {
      throw broken();
    }
    byte[] value = new byte[end - equals - 1];
    System.arraycopy(body, equals + 1, value, 0, value.length);
    if (name.equals(PIECE_OFFSET) || name.equals(PIECE_LENGTH)) {
      // The only names that come again and again, in an order that matters.
      pieces.add(TarFields.decimal(latin(value, 0, value.length)));
    } else {
      values.put(name, value);
    }
    return end + 1;
  }

  private static int indexOf(byte[] body, char wanted, int from, int to) throws TarFormatException {
    for (int i = from; i < to; i++) {
      if (body[i] == wanted) {
        return i;
      }
    }
    throw broken();
  }

  private static TarFormatException broken() {
    return new TarFormatException("has a broken extended header");
  }

  private static String latin(byte[] bytes, int offset, int length) {
    return new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
  }

  /** A text; null when there is none, or an empty one, which means the same. */
  @Nullable String text(String name) throws TarFormatException {
    byte[] value = values.get(name);
    if (value == null || value.length == 0) {
      return null;
    }
    String text = TarFields.utf8(value, 0, value.length);
    if (text.indexOf('\0') >= 0) {
      throw new TarFormatException("has a name with a zero in it: " + text);
    }
    return text;
  }

  /** A whole number, of a time without its fraction (rounded down); null when there is none. */
  @Nullable Long number(String name) throws TarFormatException {
    String text = text(name);
    if (text == null) {
      return null;
    }
    int point = text.indexOf('.');
    long whole = TarFields.decimal(point < 0 ? text : text.substring(0, point));
    return point >= 0 && text.startsWith("-") ? whole - 1 : (Long) whole;
  }

  /** Offsets and lengths of sparse files in form 0.0. */
  List<Long> pieces() {
    return pieces;
  }

  /** Extended attributes by name; each character of a value is one byte. */
  SortedMap<String, String> extendedAttributes() throws TarFormatException {
    SortedMap<String, String> attributes = new TreeMap<>();
    for (Map.Entry<String, byte[]> record : values.entrySet()) {
      if (record.getKey().startsWith(EXTENDED_ATTRIBUTE)) {
        String name = record.getKey().substring(EXTENDED_ATTRIBUTE.length());
        byte[] value = record.getValue();
        int nameBytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (nameBytes == 0 || nameBytes > ATTRIBUTE_NAME_BYTES_MAX) {
          throw new TarFormatException("has an extended attribute with a name of no fit length");
        }
        if (value.length > ATTRIBUTE_BYTES_MAX) {
          throw new TarFormatException(
              "has an extended attribute of more than " + ATTRIBUTE_BYTES_MAX + " bytes: " + name);
        }
        attributes.put(name, latin(value, 0, value.length));
      }
    }
    return attributes;
  }
}
