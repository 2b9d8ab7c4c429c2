package io.volant.fledge.filesystem;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** Extended attributes as they stand behind an inode of erofs. */
final class ErofsExtended {
  private static final int HEADER_BYTES = 12;
  private static final int ENTRY_HEADER_BYTES = 4;
  private static final int ALIGNMENT = 4;
  private static final int NAME_BYTES_MAX = 255;
  private static final int VALUE_BYTES_MAX = 0xFFFF;

  /** More do not fit into what the inode can say about it. */
  private static final int BYTES_MAX = 0xFFFE * ALIGNMENT;

  /** The numbers that stand for the starts of names. */
  private static final List<Map.Entry<String, Integer>> PREFIXES =
      List.of(
          Map.entry("user.", 1),
          Map.entry("system.posix_acl_access", 2),
          Map.entry("system.posix_acl_default", 3),
          Map.entry("trusted.", 4),
          Map.entry("security.", 6));

  private ErofsExtended() {}

  /** How many bytes the attributes take; 0 for none. */
  static int size(SortedMap<String, String> attributes) {
    int size = 0;
    for (Map.Entry<String, String> one : attributes.entrySet()) {
      int entry = entrySize(one.getKey(), one.getValue());
      if (size + entry <= BYTES_MAX) {
        size += entry;
      }
    }
    return size == 0 ? 0 : HEADER_BYTES + size;
  }

  /** What an inode says about so many bytes of attributes. */
  static int count(int size) {
    return size == 0 ? 0 : (size - HEADER_BYTES) / ALIGNMENT + 1;
  }

  /** Attributes that the format has no room or number for. */
  static List<String> unfit(SortedMap<String, String> attributes) {
    List<String> unfit = new ArrayList<>();
    int size = 0;
    for (Map.Entry<String, String> one : attributes.entrySet()) {
      int entry = entrySize(one.getKey(), one.getValue());
      if (entry == 0 || size + entry > BYTES_MAX) {
        unfit.add(one.getKey());
      } else {
        size += entry;
      }
    }
    return unfit;
  }

  /** The bytes; as many as {@link #size} says. */
  static byte[] bytes(SortedMap<String, String> attributes) {
    ByteBuffer bytes = ByteBuffer.allocate(size(attributes)).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.capacity() == 0) {
      return bytes.array();
    }
    bytes.position(HEADER_BYTES);
    List<String> unfit = unfit(attributes);
    attributes.forEach((name, value) -> {
      if (!unfit.contains(name)) {
        put(bytes, name, value);
      }
    });
    return bytes.array();
  }

  private static void put(ByteBuffer bytes, String name, String value) {
    byte[] rest = rest(name);
    byte[] content = value.getBytes(StandardCharsets.ISO_8859_1);
    bytes.put((byte) rest.length).put((byte) number(name)).putShort((short) content.length);
    bytes.put(rest).put(content);
    bytes.position((bytes.position() + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT);
  }

  /** 0: cannot be written. */
  private static int entrySize(String name, String value) {
    if (number(name) == 0
        || rest(name).length > NAME_BYTES_MAX
        || value.length() > VALUE_BYTES_MAX) {
      return 0;
    }
    int bytes = ENTRY_HEADER_BYTES + rest(name).length + value.length();
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  private static int number(String name) {
    return PREFIXES.stream()
        .filter(prefix -> name.startsWith(prefix.getKey()))
        .filter(prefix -> prefix.getKey().endsWith(".") || name.equals(prefix.getKey()))
        .mapToInt(Map.Entry::getValue)
        .findFirst()
        .orElse(0);
  }

  private static byte[] rest(String name) {
    String prefix =
        PREFIXES.stream().map(Map.Entry::getKey).filter(name::startsWith).findFirst().orElse("");
    return name.substring(prefix.length()).getBytes(StandardCharsets.UTF_8);
  }
}
