package io.volant.fledge.oci;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Takes the compression away that a layer's first bytes show; what media types say is not used. */
final class Decompression {
  private static final int MAGIC_BYTES = 4;
  private static final int GZIP = 0x1F8B_0000;
  private static final int TWO_BYTES = 0xFFFF_0000;
  private static final int ZSTD = 0x28B5_2FFD;
  private static final int ZSTD_SKIPPABLE = 0x502A_4D18;
  private static final int ZSTD_SKIPPABLE_MASK = 0xF0FF_FFFF;
  private static final int XZ = 0xFD37_7A58;
  private static final int BZIP2 = 0x425A_6800;
  private static final int THREE_BYTES = 0xFFFF_FF00;

  private Decompression() {}

  /** Whether a file is something that can be decompressed. */
  static boolean isCompressed(FileChannel file) throws IOException {
    ByteBuffer first = ByteBuffer.allocate(MAGIC_BYTES);
    file.read(first, 0);
    int magic = first.getInt(0);
    return (magic & TWO_BYTES) == GZIP || isZstd(magic);
  }

  private static boolean isZstd(int magic) {
    return magic == ZSTD || (magic & ZSTD_SKIPPABLE_MASK) == ZSTD_SKIPPABLE;
  }

  /** What the source holds. Closing closes the source. */
  static InputStream of(InputStream source) throws IOException {
    PushbackInputStream again = new PushbackInputStream(source, MAGIC_BYTES);
    byte[] first = again.readNBytes(MAGIC_BYTES);
    again.unread(first);
    int magic = 0;
    for (int i = 0; i < MAGIC_BYTES; i++) {
      magic = (magic << Byte.SIZE) | (i < first.length ? first[i] & 0xFF : 0);
    }
    if ((magic & TWO_BYTES) == GZIP) {
      return new GzipStream(again);
    }
    if (isZstd(magic)) {
      return new Zstd(again);
    }
    if (magic == XZ || (magic & THREE_BYTES) == BZIP2) {
      throw new CorruptLayerException(
          "is compressed with xz or bzip2; gzip, zstd and no compression are allowed");
    }
    return again;
  }

  /** Tells broken zstd from a broken source. */
  private static final class Zstd extends FilterInputStream {
    Zstd(InputStream source) throws IOException {
      super(new ZstdInputStreamNoFinalizer(source));
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      try {
        return super.read(target, offset, length);
      } catch (com.github.luben.zstd.ZstdIOException broken) {
        throw new CorruptLayerException("is broken zstd: " + broken.getMessage());
      }
    }
  }
}
