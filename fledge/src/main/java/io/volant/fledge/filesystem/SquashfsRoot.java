package io.volant.fledge.filesystem;

import io.volant.fledge.tree.Attributes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Gives the root folder of a squashfs image its owner and time. mksquashfs 4.5 makes it root's and
 * dates it now when it reads a tar, whatever its options say. Inodes must not be compressed.
 */
final class SquashfsRoot implements AutoCloseable {
  private static final int MAGIC = 0x73717368;
  private static final int ROOT_INODE_AT = 32;
  private static final int ID_TABLE_AT = 48;
  private static final int INODE_TABLE_AT = 64;
  private static final int ID_COUNT_AT = 26;

  /** Metadata stand in blocks of so many bytes, each behind two bytes for its length. */
  private static final int BLOCK_BYTES = 8192;

  private static final int LENGTH_BYTES = 2;
  private static final int NOT_COMPRESSED = 0x8000;
  private static final int IDS_PER_BLOCK = BLOCK_BYTES / Integer.BYTES;

  /** Type, mode, index of the owner, of the group: two bytes each; then the time. */
  private static final int MODE_AT = 2;

  private static final int UID_AT = 4;
  private static final int GID_AT = 6;
  private static final int TIME_AT = 8;
  private static final long TIME_S_MAX = 0xFFFF_FFFFL;

  private final FileChannel image;

  private SquashfsRoot(FileChannel image) {
    this.image = image;
  }

  /**
   * Sets mode, time, owner and group.
   *
   * @return false if owner and group are left, because nothing else in the image has the same
   */
  static boolean set(Path file, Attributes attributes) throws IOException {
    try (SquashfsRoot root =
        new SquashfsRoot(
            FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE))) {
      return root.set(attributes);
    }
  }

  @Override
  public void close() throws IOException {
    image.close();
  }

  private boolean set(Attributes attributes) throws IOException {
    check(read(0, Integer.BYTES).getInt() == MAGIC, "it has another magic number");
    long place = read(ROOT_INODE_AT, Long.BYTES).getLong();
    long block = read(INODE_TABLE_AT, Long.BYTES).getLong() + (place >>> 16);
    int offset = (int) place & 0xFFFF;
    checkNotCompressed(block);
    int uid = indexOf(attributes.uid());
    int gid = indexOf(attributes.gid());
    putShort(block, offset + MODE_AT, attributes.mode());
    long timeS = Math.clamp(attributes.modifiedS(), 0, TIME_S_MAX);
    putShort(block, offset + TIME_AT, (int) timeS);
    putShort(block, offset + TIME_AT + Short.BYTES, (int) (timeS >>> Short.SIZE));
    if (uid < 0 || gid < 0) {
      return false;
    }
    putShort(block, offset + UID_AT, uid);
    putShort(block, offset + GID_AT, gid);
    return true;
  }

  /** Where a user's or group's number stands in the table of numbers; -1: nowhere. */
  private int indexOf(int number) throws IOException {
    int count = Short.toUnsignedInt(read(ID_COUNT_AT, Short.BYTES).getShort());
    long pointers = read(ID_TABLE_AT, Long.BYTES).getLong();
    for (int i = 0; i < count; i++) {
      long block = read(pointers + (long) (i / IDS_PER_BLOCK) * Long.BYTES, Long.BYTES).getLong();
      checkNotCompressed(block);
      long at = block + LENGTH_BYTES + (long) (i % IDS_PER_BLOCK) * Integer.BYTES;
      if (read(at, Integer.BYTES).getInt() == number) {
        return i;
      }
    }
    return -1;
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
    ByteBuffer one = ByteBuffer.wrap(new byte[] {(byte) value});
    while (one.hasRemaining()) {
      image.write(one, start + LENGTH_BYTES + offset % BLOCK_BYTES);
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
