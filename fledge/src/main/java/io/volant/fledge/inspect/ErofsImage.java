package io.volant.fledge.inspect;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The parts of an erofs that hold its folders. All numbers come from the image and are only used to
 * read from it, a bounded piece at a time.
 */
final class ErofsImage implements AutoCloseable {
  private static final int SUPERBLOCK_OFFSET = 1024;
  private static final int SUPERBLOCK_BYTES = 128;
  private static final int INODE_SLOT_BYTES = 32;
  private static final int LARGE_INODE_BYTES = 64;
  private static final int BLOCK_BITS_MIN = 9;
  private static final int BLOCK_BITS_MAX = 16;
  private static final long FOLDER_BYTES_MAX = 256L * 1024 * 1024;

  private static final int LAYOUT_PLAIN = 0;
  private static final int LAYOUT_INLINE = 2;

  private final FileChannel channel;
  private final int blockBits;
  private final long rootNumber;
  private final long inodesOffset;

  private ErofsImage(FileChannel channel) throws IOException {
    this.channel = channel;
    ByteBuffer superblock = read(SUPERBLOCK_OFFSET, SUPERBLOCK_BYTES);
    blockBits = superblock.get(12);
    if (blockBits < BLOCK_BITS_MIN || blockBits > BLOCK_BITS_MAX) {
      throw new IOException("its blocks have 2^" + blockBits + " bytes");
    }
    rootNumber = Short.toUnsignedLong(superblock.getShort(14));
    inodesOffset = Integer.toUnsignedLong(superblock.getInt(40)) << blockBits;
  }

  static ErofsImage open(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    try {
      return new ErofsImage(channel);
    } catch (IOException | RuntimeException failure) {
      channel.close();
      throw failure;
    }
  }

  long rootNumber() {
    return rootNumber;
  }

  int blockBytes() {
    return 1 << blockBits;
  }

  /**
   * What the image says about one file.
   *
   * @param tailOffset where the part of the content is that is no whole block
   */
  record Inode(
      int layout, int mode, long sizeBytes, long block, long uid, long gid, long tailOffset) {
    /** Whether the content can be read as it is. */
    boolean isPlain() {
      return layout == LAYOUT_PLAIN || layout == LAYOUT_INLINE;
    }
  }

  Inode inode(long number) throws IOException {
    long offset = Math.addExact(inodesOffset, Math.multiplyExact(number, INODE_SLOT_BYTES));
    ByteBuffer inode = read(offset, INODE_SLOT_BYTES);
    int format = Short.toUnsignedInt(inode.getShort(0));
    boolean isLarge = (format & 1) != 0;
    int attributes = Short.toUnsignedInt(inode.getShort(2));
    long attributeBytes = attributes == 0 ? 0 : 12 + 4L * (attributes - 1);
    int inodeBytes = isLarge ? LARGE_INODE_BYTES : INODE_SLOT_BYTES;
    long sizeBytes = isLarge ? inode.getLong(8) : Integer.toUnsignedLong(inode.getInt(8));
    return new Inode(
        format >> 1 & 7,
        Short.toUnsignedInt(inode.getShort(4)),
        Math.max(0, sizeBytes),
        Integer.toUnsignedLong(inode.getInt(16)),
        isLarge ? Integer.toUnsignedLong(inode.getInt(24)) : inode.getShort(24) & 0xFFFFL,
        isLarge ? Integer.toUnsignedLong(inode.getInt(28)) : inode.getShort(26) & 0xFFFFL,
        offset + inodeBytes + attributeBytes);
  }

  /** A piece of a folder's or link's content, no larger than a block and within one. */
  ByteBuffer content(Inode inode, long at, int length) throws IOException {
    if (!inode.isPlain() || inode.sizeBytes() > FOLDER_BYTES_MAX) {
      throw new IOException("a folder is compressed, or larger than " + FOLDER_BYTES_MAX);
    }
    long tailStart = inode.sizeBytes() >> blockBits << blockBits;
    boolean isTail = inode.layout() == LAYOUT_INLINE && at >= tailStart;
    return isTail
        ? read(inode.tailOffset() + at - tailStart, length)
        : read((inode.block() << blockBits) + at, length);
  }

  private ByteBuffer read(long offset, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    if (offset < 0) {
      throw new EOFException();
    }
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, offset + bytes.position()) < 0) {
        throw new EOFException();
      }
    }
    return bytes.flip();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
