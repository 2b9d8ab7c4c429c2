package io.volant.fledge.filesystem;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The content of a folder in erofs: blocks, each with its entries first and their names behind
 * them, all in the order of the names' bytes.
 */
final class ErofsFolder {
  private static final int ENTRY_BYTES = 12;

  /**
   * Something in the folder.
   *
   * @param name the bytes of its name in UTF-8, one a character
   * @param inode what it is
   */
  private record Entry(String name, ErofsInode inode) {}

  private final List<Entry> entries = new ArrayList<>();
  private boolean isSorted;

  /** Adds a name; each once. */
  void add(String name, ErofsInode inode) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    entries.add(new Entry(new String(bytes, StandardCharsets.ISO_8859_1), inode));
    isSorted = false;
  }

  /** How many bytes it has. The last block counts only up to its last name. */
  long size() {
    List<List<Entry>> blocks = blocks();
    long full = (long) (blocks.size() - 1) * ErofsLayout.BLOCK_BYTES;
    return full + blocks.getLast().stream().mapToInt(ErofsFolder::sizeOf).sum();
  }

  /** Its bytes. The inodes must have their places. */
  byte[] bytes() {
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(size())).order(ByteOrder.LITTLE_ENDIAN);
    int start = 0;
    for (List<Entry> block : blocks()) {
      int nameAt = block.size() * ENTRY_BYTES;
      bytes.position(start);
      for (Entry entry : block) {
        bytes.putLong(entry.inode().number());
        bytes.putShort((short) nameAt);
        bytes.put((byte) entry.inode().kind().folderType()).put((byte) 0);
        nameAt += entry.name().length();
      }
      block.forEach(entry -> bytes.put(entry.name().getBytes(StandardCharsets.ISO_8859_1)));
      start += ErofsLayout.BLOCK_BYTES;
    }
    return bytes.array();
  }

  private List<List<Entry>> blocks() {
    if (!isSorted) {
      entries.sort(Comparator.comparing(Entry::name));
      isSorted = true;
    }
    List<List<Entry>> blocks = new ArrayList<>();
    int room = 0;
    for (Entry entry : entries) {
      if (blocks.isEmpty() || sizeOf(entry) > room) {
        blocks.add(new ArrayList<>());
        room = ErofsLayout.BLOCK_BYTES;
      }
      blocks.getLast().add(entry);
      room -= sizeOf(entry);
    }
    return blocks;
  }

  private static int sizeOf(Entry entry) {
    return ENTRY_BYTES + entry.name().length();
  }
}
