package io.volant.fledge.filesystem;

import io.volant.fledge.tree.Attributes;
import io.volant.fledge.tree.FileTree;
import io.volant.fledge.tree.TreeEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Gives the root folder of a squashfs image its owner and time. When mksquashfs 4.5 reads a tar it
 * makes that folder the user's who runs it and dates it now, whatever its options say. Inodes must
 * not be compressed.
 */
final class SquashfsRoot implements AutoCloseable {
  private static final int MAGIC = 0x73717368;
  private static final int SUPERBLOCK_BYTES = 96;

  /** Where things stand in the superblock. */
  private static final int OWNER_COUNT_AT = 26;

  private static final int ROOT_INODE_AT = 32;
  private static final int BYTES_USED_AT = 40;
  private static final int OWNERS_AT = 48;
  private static final int EXTENDED_AT = 56;
  private static final int INODES_AT = 64;
  private static final int FRAGMENTS_AT = 80;

  /** Metadata stand in blocks of so many bytes, each behind two bytes for its length. */
  private static final int BLOCK_BYTES = 8192;

  private static final int LENGTH_BYTES = 2;
  private static final int NOT_COMPRESSED = 0x8000;
  private static final int OWNERS_PER_BLOCK = BLOCK_BYTES / Integer.BYTES;
  private static final int PAGE_BYTES = 4096;

  /** Of an inode: type, mode, index of the owner, of the group, two bytes each; then the time. */
  private static final int MODE_AT = 2;

  private static final int UID_AT = 4;
  private static final int GID_AT = 6;
  private static final int TIME_AT = 8;
  private static final long TIME_S_MAX = 0xFFFF_FFFFL;

  private final FileChannel image;
  private final ByteBuffer superblock;

  private SquashfsRoot(FileChannel image) throws IOException {
    this.image = image;
    superblock = read(0, SUPERBLOCK_BYTES);
    check(superblock.getInt(0) == MAGIC, "it has another magic number");
  }

  /** Sets mode, time, owner and group as the tree has them. */
  static void set(Path file, FileTree tree) throws IOException {
    try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        SquashfsRoot root = new SquashfsRoot(channel)) {
      root.setInode(tree.root(), root.setOwners(tree));
    }
  }

  @Override
  public void close() throws IOException {
    write(superblock.rewind(), 0);
  }

  /**
   * Lists all users and groups of the image: those of the tree, and not whoever ran mksquashfs.
   *
   * @return the list, by whose indexes inodes name them
   */
  private List<Integer> setOwners(FileTree tree) throws IOException {
    Set<Integer> known = ownersIn(tree);
    List<Integer> owners = owners();
    check(owners.size() >= known.size(), "an owner is missing");
    // The root's inode is written last, so what is there for it alone comes last.
    int first = known.size();
    List<Integer> wanted = new ArrayList<>(owners.subList(0, first));
    check(known.equals(new HashSet<>(wanted)), "its owners are others");
    for (int owner : new int[] {tree.root().uid(), tree.root().gid()}) {
      if (!wanted.contains(owner)) {
        wanted.add(owner);
      }
    }
    if (!wanted.equals(owners)) {
      replaceOwners(owners.size(), wanted);
    }
    return wanted;
  }

  private static Set<Integer> ownersIn(FileTree tree) {
    Set<Integer> owners = new HashSet<>();
    Set<Long> files = new HashSet<>();
    for (TreeEntry entry : tree.entries().values()) {
      // Of a file with several names the first one counts.
      if (!(entry instanceof TreeEntry.File(_, _, var inode)) || files.add(inode)) {
        owners.add(entry.attributes().uid());
        owners.add(entry.attributes().gid());
      }
    }
    return owners;
  }

  private List<Integer> owners() throws IOException {
    int count = Short.toUnsignedInt(superblock.getShort(OWNER_COUNT_AT));
    List<Integer> owners = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long block = ownerBlock(i / OWNERS_PER_BLOCK);
      checkNotCompressed(block);
      long at = block + LENGTH_BYTES + (long) (i % OWNERS_PER_BLOCK) * Integer.BYTES;
      owners.add(read(at, Integer.BYTES).getInt());
    }
    return owners;
  }

  private long ownerBlock(int number) throws IOException {
    return read(superblock.getLong(OWNERS_AT) + (long) number * Long.BYTES, Long.BYTES).getLong();
  }

  /** Writes the end of the list anew, and moves what stands behind it. */
  private void replaceOwners(int count, List<Integer> wanted) throws IOException {
    int block = (count - 1) / OWNERS_PER_BLOCK;
    check(block == (wanted.size() - 1) / OWNERS_PER_BLOCK, "it has too many owners");
    List<Integer> last = wanted.subList(block * OWNERS_PER_BLOCK, wanted.size());
    int bytes = last.size() * Integer.BYTES;
    long blockAt = ownerBlock(block);
    long behind = superblock.getLong(OWNERS_AT);
    check(superblock.getLong(FRAGMENTS_AT) < behind, "its tables have another order");
    int rest = Math.toIntExact(superblock.getLong(BYTES_USED_AT) - behind);
    ByteBuffer moved = read(behind, rest);
    long shift = blockAt + LENGTH_BYTES + bytes - behind;
    if (superblock.getLong(EXTENDED_AT) != -1) {
      shiftExtended(moved, (int) (superblock.getLong(EXTENDED_AT) - behind), shift);
      superblock.putLong(EXTENDED_AT, superblock.getLong(EXTENDED_AT) + shift);
    }
    ByteBuffer list = buffer(LENGTH_BYTES + bytes).putShort((short) (NOT_COMPRESSED | bytes));
    last.forEach(list::putInt);
    write(list.flip(), blockAt);
    write(moved, behind + shift);
    superblock.putShort(OWNER_COUNT_AT, (short) wanted.size());
    superblock.putLong(OWNERS_AT, behind + shift);
    long used = behind + shift + rest;
    superblock.putLong(BYTES_USED_AT, used);
    image.truncate(used);
    write(buffer((int) (-used & (PAGE_BYTES - 1))), used);
  }

  /** The table of extended attributes has places in the image: of their block, and its own. */
  private static void shiftExtended(ByteBuffer moved, int at, long shift) {
    moved.putLong(at, moved.getLong(at) + shift);
    long count = Integer.toUnsignedLong(moved.getInt(at + 8));
    long pointers = (count * 16 + BLOCK_BYTES - 1) / BLOCK_BYTES;
    for (int i = 0; i < pointers; i++) {
      int pointerAt = at + 16 + i * Long.BYTES;
      moved.putLong(pointerAt, moved.getLong(pointerAt) + shift);
    }
  }

  private void setInode(Attributes attributes, List<Integer> owners) throws IOException {
    long place = superblock.getLong(ROOT_INODE_AT);
    long block = superblock.getLong(INODES_AT) + (place >>> 16);
    int offset = (int) place & 0xFFFF;
    checkNotCompressed(block);
    putShort(block, offset + MODE_AT, attributes.mode());
    putShort(block, offset + UID_AT, owners.indexOf(attributes.uid()));
    putShort(block, offset + GID_AT, owners.indexOf(attributes.gid()));
    long timeS = Math.clamp(attributes.modifiedS(), 0, TIME_S_MAX);
    putShort(block, offset + TIME_AT, (int) timeS);
    putShort(block, offset + TIME_AT + Short.BYTES, (int) (timeS >>> Short.SIZE));
  }

  private void checkNotCompressed(long block) throws IOException {
    check(
        (read(block, LENGTH_BYTES).getShort() & NOT_COMPRESSED) != 0, "its tables are compressed");
  }

  private static void check(boolean isFit, String why) throws IOException {
    if (!isFit) {
      throw new IOException("mksquashfs has written an image that fledge does not know: " + why);
    }
  }

  private void putShort(long block, int offset, int value) throws IOException {
    putByte(block, offset, value);
    putByte(block, offset + 1, value >>> Byte.SIZE);
  }

  /** One byte of an inode, which may begin in one block and end in the next. */
  private void putByte(long block, int offset, int value) throws IOException {
    long start = block + (long) (offset / BLOCK_BYTES) * (BLOCK_BYTES + LENGTH_BYTES);
    write(ByteBuffer.wrap(new byte[] {(byte) value}), start + LENGTH_BYTES + offset % BLOCK_BYTES);
  }

  private void write(ByteBuffer bytes, long at) throws IOException {
    long next = at;
    while (bytes.hasRemaining()) {
      next += image.write(bytes, next);
    }
  }

  private ByteBuffer read(long at, int length) throws IOException {
    ByteBuffer bytes = buffer(length);
    while (bytes.hasRemaining()) {
      int count = image.read(bytes, at + bytes.position());
      check(count > 0, "it is too short");
    }
    return bytes.flip();
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
