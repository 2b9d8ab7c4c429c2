package io.volant.fledge.filesystem;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.report.Progress;
import io.volant.fledge.tree.Attributes;
import io.volant.fledge.tree.Content;
import io.volant.fledge.tree.ContentCopy;
import io.volant.fledge.tree.FileTree;
import io.volant.fledge.tree.TreeEntry;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.Objects;
import java.util.zip.CRC32C;

/** Writes erofs by itself, not compressed: no program, no root, nothing else on the disk. */
record ErofsWriter() implements FilesystemWriter {
  private static final int SUPERBLOCK_AT = 1024;
  private static final int MAGIC = 0xE0F5E1E2;
  private static final int CHECKSUM_AT = 4;

  /** The superblock has a checksum; times are those of the files. */
  private static final int FEATURES = 1 | 2;

  private static final int BLOCK_BITS = 12;
  private static final int UUID_AT = 48;

  @Override
  public void write(FileTree tree, Path image, Path scratch, Progress progress)
      throws BuildFailure {
    warn(tree, progress);
    ErofsLayout layout = ErofsLayout.of(tree);
    if (layout.blocks() > Integer.toUnsignedLong(-1)) {
      throw new BuildFailure(ExitCode.INPUT, "erofs: the image would have more than 16 TiB");
    }
    try (FileChannel file =
            FileChannel.open(image, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        ImageRegion inodes = new ImageRegion(file);
        ImageRegion blocks = new ImageRegion(file)) {
      file.write(ByteBuffer.allocate(1), layout.blocks() * ErofsLayout.BLOCK_BYTES - 1);
      writeFully(file, superblock(layout), SUPERBLOCK_AT);
      int serial = 0;
      for (ErofsInode inode : layout.inodes()) {
        serial++;
        inodes.seek(inode.position());
        inodes.write(inode.header(serial));
        if (inode.blocks() > 0) {
          blocks.seek(inode.blockPosition());
        }
        writeContent(inode, new Split(blocks, inodes, inode.blockBytes()));
      }
    } catch (IOException failure) {
      throw WholeOrNothing.failure(image, failure);
    }
  }

  private static void warn(FileTree tree, Progress progress) {
    FewWarnings warnings = new FewWarnings("erofs", progress);
    ErofsExtended.unfit(tree.root().extended())
        .forEach(name -> warnings.add("the attribute " + name + " of / is left out"));
    tree.entries()
        .forEach((path, entry) ->
            ErofsExtended.unfit(entry.attributes().extended())
                .forEach(name ->
                    warnings.add("the attribute " + name + " of " + path + " is left out")));
  }

  private static void writeContent(ErofsInode inode, OutputStream output) throws IOException {
    switch (inode.entry()) {
      case TreeEntry.File(_, var content, _) -> ContentCopy.copy(inode.path(), content, output);
      case TreeEntry.Link(_, var target) ->
          ContentCopy.copy(inode.path(), Content.of(target), output);
      case TreeEntry.Folder _ -> output.write(Objects.requireNonNull(inode.folder()).bytes());
      case TreeEntry.Device _, TreeEntry.Fifo _ -> output.flush();
    }
  }

  private static ByteBuffer superblock(ErofsLayout layout) {
    ByteBuffer bytes =
        ByteBuffer.allocate(ErofsLayout.BLOCK_BYTES - SUPERBLOCK_AT).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(MAGIC).putInt(0).putInt(FEATURES);
    bytes.put((byte) BLOCK_BITS).put((byte) 0);
    bytes.putShort((short) layout.inodes().getFirst().number());
    bytes.putLong(layout.inodes().size());
    bytes.putLong(Attributes.FIXED_TIME_S).putInt(0);
    bytes.putInt((int) layout.blocks());
    bytes.putInt(ErofsLayout.FIRST_INODE_BLOCK);
    bytes.put(UUID_AT, HexFormat.of().parseHex(Fixed.UUID.replace("-", "")));
    CRC32C sum = new CRC32C();
    sum.update(bytes.array());
    // Linux does not invert the sum at the end, Java does.
    bytes.putInt(CHECKSUM_AT, ~(int) sum.getValue());
    return bytes.rewind();
  }

  private static void writeFully(FileChannel file, ByteBuffer bytes, long at) throws IOException {
    while (bytes.hasRemaining()) {
      file.write(bytes, at + bytes.position());
    }
  }

  /** The first bytes here, the others there. */
  private static final class Split extends OutputStream {
    private final OutputStream first;
    private final OutputStream second;
    private long left;

    Split(OutputStream first, OutputStream second, long firstBytes) {
      this.first = first;
      this.second = second;
      left = firstBytes;
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      int here = (int) Math.min(left, length);
      first.write(bytes, offset, here);
      second.write(bytes, offset + here, length - here);
      left -= here;
    }
  }
}
