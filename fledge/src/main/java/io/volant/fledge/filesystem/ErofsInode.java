package io.volant.fledge.filesystem;

import io.volant.fledge.tree.Attributes;
import io.volant.fledge.tree.TreeEntry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One inode of an erofs: what it is, and where it stands. */
final class ErofsInode {
  /** Inodes begin at multiples of it, and are counted in it. */
  static final int SLOT_BYTES = 32;

  /** The long form, which has a time of its own. */
  private static final int HEADER_BYTES = 64;

  private static final int LONG_FORM = 1;
  private static final int INLINE_TAIL = 2 << 1;
  private static final int LINK_MODE = 0777;

  /** The kinds of files, with their bits in a mode and their numbers in a folder. */
  enum Kind {
    FILE(0100000, 1),
    FOLDER(0040000, 2),
    CHARACTER_DEVICE(0020000, 3),
    BLOCK_DEVICE(0060000, 4),
    FIFO(0010000, 5),
    LINK(0120000, 7);

    private final int modeBits;
    private final int folderType;

    Kind(int modeBits, int folderType) {
      this.modeBits = modeBits;
      this.folderType = folderType;
    }

    int folderType() {
      return folderType;
    }
  }

  private final String path;
  private final TreeEntry entry;
  private final @Nullable ErofsFolder folder;
  private final int extendedBytes;
  private long sizeBytes;
  private long slot;
  private long firstBlock;
  private boolean isTailInline;
  private int names;

  ErofsInode(String path, TreeEntry entry) {
    this.path = path;
    this.entry = entry;
    folder = entry instanceof TreeEntry.Folder ? new ErofsFolder() : null;
    extendedBytes = ErofsExtended.size(entry.attributes().extended());
  }

  String path() {
    return path;
  }

  TreeEntry entry() {
    return entry;
  }

  /** What is in it, if it is a folder. */
  @Nullable ErofsFolder folder() {
    return folder;
  }

  /** One more folder has it. */
  void addName() {
    names++;
  }

  /** Its number: where it stands. */
  long number() {
    return slot;
  }

  /** Where it stands in the image. */
  long position() {
    return (long) ErofsLayout.FIRST_INODE_BLOCK * ErofsLayout.BLOCK_BYTES + slot * SLOT_BYTES;
  }

  long sizeBytes() {
    return sizeBytes;
  }

  /** How many of its bytes stand in blocks of their own, from {@link #blockPosition}. */
  long blockBytes() {
    return isTailInline ? sizeBytes / ErofsLayout.BLOCK_BYTES * ErofsLayout.BLOCK_BYTES : sizeBytes;
  }

  /** How many blocks of its own it has. */
  long blocks() {
    return (blockBytes() + ErofsLayout.BLOCK_BYTES - 1) / ErofsLayout.BLOCK_BYTES;
  }

  /** Where its blocks stand in the image. */
  long blockPosition() {
    return firstBlock * ErofsLayout.BLOCK_BYTES;
  }

  /** Knows its size from now on; a folder must have all its entries. */
  void measure() {
    sizeBytes =
        switch (entry) {
          case TreeEntry.File(_, var content, _) -> content.sizeBytes();
          case TreeEntry.Link(_, var target) -> target.getBytes(StandardCharsets.UTF_8).length;
          case TreeEntry.Folder _ -> folder == null ? 0 : folder.size();
          case TreeEntry.Device _, TreeEntry.Fifo _ -> 0;
        };
    long tailBytes = sizeBytes % ErofsLayout.BLOCK_BYTES;
    isTailInline =
        tailBytes > 0 && HEADER_BYTES + extendedBytes + tailBytes <= ErofsLayout.BLOCK_BYTES;
  }

  /**
   * Takes its place at this slot or at the next block, for all of it must be in one block if it
   * can.
   *
   * @return the first slot behind it
   */
  long place(long next) {
    long bytes = HEADER_BYTES + extendedBytes + sizeBytes - blockBytes();
    long used = next * SLOT_BYTES % ErofsLayout.BLOCK_BYTES;
    boolean mustMove = used > 0 && used + bytes > ErofsLayout.BLOCK_BYTES;
    slot = mustMove ? next + (ErofsLayout.BLOCK_BYTES - used) / SLOT_BYTES : next;
    return slot + (bytes + SLOT_BYTES - 1) / SLOT_BYTES;
  }

  void placeBlocks(long first) {
    firstBlock = first;
  }

  Kind kind() {
    return switch (entry) {
      case TreeEntry.File _ -> Kind.FILE;
      case TreeEntry.Folder _ -> Kind.FOLDER;
      case TreeEntry.Link _ -> Kind.LINK;
      case TreeEntry.Fifo _ -> Kind.FIFO;
      case TreeEntry.Device(_, var kind, _, _) ->
          switch (kind) {
            case CHARACTER -> Kind.CHARACTER_DEVICE;
            case BLOCK -> Kind.BLOCK_DEVICE;
          };
    };
  }

  /** The inode and its extended attributes. */
  byte[] header(int serial) {
    Attributes attributes = entry.attributes();
    int mode = entry instanceof TreeEntry.Link ? LINK_MODE : attributes.mode();
    ByteBuffer bytes =
        ByteBuffer.allocate(HEADER_BYTES + extendedBytes).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putShort((short) (LONG_FORM | (isTailInline ? INLINE_TAIL : 0)));
    bytes.putShort((short) ErofsExtended.count(extendedBytes));
    bytes.putShort((short) (kind().modeBits | mode)).putShort((short) 0);
    bytes.putLong(sizeBytes);
    bytes.putInt(entry instanceof TreeEntry.Device device ? number(device) : (int) firstBlock);
    bytes.putInt(serial);
    bytes.putInt(attributes.uid()).putInt(attributes.gid());
    bytes.putLong(attributes.modifiedS()).putInt(0);
    bytes.putInt(names);
    bytes.position(HEADER_BYTES);
    return bytes.put(ErofsExtended.bytes(attributes.extended())).array();
  }

  /** A device's two numbers in one, as Linux has it. */
  private static int number(TreeEntry.Device device) {
    int minor = device.minor();
    return (minor & 0xFF) | (device.major() << 8) | ((minor & ~0xFF) << 12);
  }
}
