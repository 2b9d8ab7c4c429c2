package io.volant.adapter.files;

import io.volant.artifact.DiskFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The first bytes of a disk image. They come from strangers: they are compared and never followed,
 * and what they claim decides nothing but which kernel modules a guest gets.
 */
final class ImageHeader {

  /** The farthest that a known mark lies: the superblock of btrfs is at 64 KiB. */
  private static final int LOOKED_AT = 68 * 1_024;

  /** Magic, version, backing file's offset and length, and the first of the feature fields. */
  private static final int QCOW2_HEADER_MIN = 72;

  private static final int QCOW2_BACKING_OFFSET = 8;
  private static final int QCOW2_BACKING_SIZE = 16;
  private static final int QCOW2_ENCRYPTION = 32;
  private static final int QCOW2_INCOMPATIBLE = 72;
  private static final long QCOW2_EXTERNAL_DATA = 1L << 2;

  /** Dirty, corrupt, compression type, extended L2 entries: harmless, and QEMU's to judge. */
  private static final long QCOW2_KNOWN_FEATURES = 0b11011L;

  private static final String QCOW2 = "QFI\u00fb";

  /** Bytes at a place that tell a file system; a character is a byte. */
  private record Mark(String fileSystem, int offset, String bytes) {}

  private static final List<Mark> MARKS =
      List.of(
          new Mark("squashfs", 0, "hsqs"),
          new Mark("xfs", 0, "XFSB"),
          new Mark("erofs", 1_024, "\u00e2\u00e1\u00f5\u00e0"),
          new Mark("ext4", 1_080, "S\u00ef"),
          new Mark("iso9660", 32_769, "CD001"),
          new Mark("btrfs", 65_600, "_BHRfS_M"),
          // the words of a boot sector are looked at last: others may have something there
          new Mark("vfat", 82, "FAT32   "),
          new Mark("vfat", 54, "FAT16   "),
          new Mark("vfat", 54, "FAT12   "));

  private final byte[] bytes;

  private ImageHeader(byte[] bytes) {
    this.bytes = bytes;
  }

  static ImageHeader of(byte[] bytes) {
    return new ImageHeader(bytes);
  }

  static ImageHeader read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteBuffer buffer = ByteBuffer.allocate(LOOKED_AT);
      while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
        // until the end of either
      }
      return new ImageHeader(Arrays.copyOf(buffer.array(), buffer.position()));
    }
  }

  /** Why the image is not attached as one of this format, for people; null: it can be. */
  @Nullable String problem(DiskFormat format) {
    return switch (format) {
      case RAW ->
          startsWith(0, QCOW2) ? "is a qcow2 image; say so with the format \"qcow2\"" : null;
      case QCOW2 -> qcow2Problem();
    };
  }

  /** The file system that the first bytes of a raw image look like; null: none that is known. */
  @Nullable String fileSystem() {
    return MARKS.stream()
        .filter(mark -> startsWith(mark.offset(), mark.bytes()))
        .map(Mark::fileSystem)
        .findFirst()
        .orElse(null);
  }

  /** The file that a qcow2 image of our own says it builds on; null: none, or it cannot be read. */
  @Nullable String backingFile() {
    if (!startsWith(0, QCOW2) || bytes.length < QCOW2_HEADER_MIN) {
      return null;
    }
    ByteBuffer header = ByteBuffer.wrap(bytes);
    long from = header.getLong(QCOW2_BACKING_OFFSET);
    int length = header.getInt(QCOW2_BACKING_SIZE);
    boolean within = from > 0 && length > 0 && from <= bytes.length - (long) length;
    return within ? new String(bytes, (int) from, length, StandardCharsets.UTF_8) : null;
  }

  private @Nullable String qcow2Problem() {
    if (!startsWith(0, QCOW2)) {
      return "is not a qcow2 image; say what it is with another format, such as \"raw\"";
    }
    if (bytes.length < QCOW2_HEADER_MIN) {
      return "is a qcow2 image that ends within its header";
    }
    ByteBuffer header = ByteBuffer.wrap(bytes); // big-endian, as qcow2 is
    int version = header.getInt(QCOW2.length());
    if (version != 2 && version != 3) {
      return "is a qcow2 image of version " + Integer.toUnsignedString(version) + "; 2 and 3 work";
    }
    if (header.getLong(QCOW2_BACKING_OFFSET) != 0 || header.getInt(QCOW2_BACKING_SIZE) != 0) {
      return "is a qcow2 image that builds on another file of the host, which is never opened;"
          + " make it whole with qemu-img convert -O qcow2";
    }
    if (header.getInt(QCOW2_ENCRYPTION) != 0) {
      return "is an encrypted qcow2 image, which needs a key that nobody gave";
    }
    return version == 3 ? featureProblem(header) : null;
  }

  private @Nullable String featureProblem(ByteBuffer header) {
    if (bytes.length < QCOW2_INCOMPATIBLE + Long.BYTES) {
      return "is a qcow2 image that ends within its header";
    }
    long features = header.getLong(QCOW2_INCOMPATIBLE);
    if ((features & QCOW2_EXTERNAL_DATA) != 0) {
      return "is a qcow2 image that has its data in another file of the host, which is never"
          + " opened; make it whole with qemu-img convert -O qcow2";
    }
    return (features & ~QCOW2_KNOWN_FEATURES) == 0
        ? null
        : "is a qcow2 image with features that are not known: 0x" + Long.toHexString(features);
  }

  private boolean startsWith(int offset, String expected) {
    int end = offset + expected.length();
    return bytes.length >= end
        && new String(bytes, offset, expected.length(), StandardCharsets.ISO_8859_1)
            .equals(expected);
  }
}
