package io.volant.fledge.filesystem;

import io.volant.fledge.tree.FileTree;
import io.volant.fledge.tree.TreeEntry;
import java.util.HashSet;
import java.util.Set;

/**
 * How large an ext4 must be for a tree, as a function of the tree and the free space only.
 *
 * @param bytes the whole, whole MiB
 * @param inodes how many files it can have
 * @param journalMib how much of it is the journal
 */
record Ext4Size(long bytes, long inodes, int journalMib) {
  static final int BLOCK_BYTES = 4096;
  static final int INODE_BYTES = 256;

  private static final long MIB = 1024 * 1024;

  /** One file for so many free bytes, as mkfs does by itself. */
  private static final long BYTES_PER_FREE_INODE = 16384;

  /** The ones that are given out before the first, and lost+found. */
  private static final long RESERVED_INODES = 11;

  /** Longer targets of links do not fit into an inode. */
  private static final int SHORT_TARGET_BYTES = 59;

  /** Blocks of what mkfs makes beside what is counted here: superblocks, descriptors, bitmaps. */
  private static final long FIXED_BYTES = 2 * MIB;

  private static final long PER_CENT_MORE = 2;

  /** An entry of a folder: eight bytes, and the name up to a multiple of four. */
  private static final int DIRECTORY_ENTRY_BYTES = 12;

  private static final int SMALL_JOURNAL_MIB = 4;
  private static final int JOURNAL_MIB = 16;
  private static final int LARGE_JOURNAL_MIB = 64;
  private static final long SMALL_BYTES = 128 * MIB;
  private static final long LARGE_BYTES = 1024 * MIB;

  static Ext4Size of(FileTree tree, int bufferMib) {
    long blocks = 8; // lost+found and the root
    long entryBytes = 0;
    Set<Long> seen = new HashSet<>();
    for (var entry : tree.entries().entrySet()) {
      // A character is three bytes at most, four if it counts twice.
      entryBytes += DIRECTORY_ENTRY_BYTES + 3L * lastNameLength(entry.getKey());
      blocks += blocksOf(entry.getValue(), seen);
      blocks += entry.getValue().attributes().extended().isEmpty() ? 0 : 1;
    }
    long bufferBytes = bufferMib * MIB;
    long inodes = RESERVED_INODES + tree.entries().size() + bufferBytes / BYTES_PER_FREE_INODE;
    long content = blocks * BLOCK_BYTES + 2 * entryBytes + bufferBytes + inodes * INODE_BYTES;
    int journalMib = journalMib(content);
    long whole = content + content * PER_CENT_MORE / 100 + journalMib * MIB + FIXED_BYTES;
    return new Ext4Size((whole + MIB - 1) / MIB * MIB, inodes, journalMib);
  }

  private static int lastNameLength(String path) {
    return path.length() - 1 - path.lastIndexOf('/');
  }

  private static long blocksOf(TreeEntry entry, Set<Long> seen) {
    return switch (entry) {
      case TreeEntry.Folder _ -> 1;
      case TreeEntry.File(_, var content, var inode) ->
          seen.add(inode) ? (content.sizeBytes() + BLOCK_BYTES - 1) / BLOCK_BYTES : 0;
      case TreeEntry.Link(_, var target) -> target.length() * 3 > SHORT_TARGET_BYTES ? 1 : 0;
      case TreeEntry.Device _, TreeEntry.Fifo _ -> 0;
    };
  }

  private static int journalMib(long bytes) {
    if (bytes < SMALL_BYTES) {
      return SMALL_JOURNAL_MIB;
    }
    return bytes < LARGE_BYTES ? JOURNAL_MIB : LARGE_JOURNAL_MIB;
  }
}
