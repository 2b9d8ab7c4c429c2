package io.volant.fledge.oci.tar;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/** Reads small parts of a file, a page at a time. */
final class TarWindow {
  private static final int WINDOW_BYTES = 8 * 1024;

  private final FileChannel channel;
  private final long sizeBytes;
  private final ByteBuffer window = ByteBuffer.allocate(WINDOW_BYTES).limit(0);
  private long windowStart;

  TarWindow(FileChannel channel) throws IOException {
    this.channel = channel;
    this.sizeBytes = channel.size();
  }

  long sizeBytes() {
    return sizeBytes;
  }

  /** Exactly these bytes. */
  byte[] bytes(long offset, int length) throws IOException {
    if (length > sizeBytes - offset) {
      throw new TarFormatException("is cut off");
    }
    if (length > WINDOW_BYTES) {
      byte[] bytes = new byte[length];
      fill(ByteBuffer.wrap(bytes), offset);
      return bytes;
    }
    boolean inside = offset >= windowStart && offset + length <= windowStart + window.limit();
    if (!inside) {
      window.clear().limit((int) Math.min(WINDOW_BYTES, sizeBytes - offset));
      fill(window, offset);
      windowStart = offset;
    }
    int from = (int) (offset - windowStart);
    return Arrays.copyOfRange(window.array(), from, from + length);
  }

  private void fill(ByteBuffer target, long offset) throws IOException {
    while (target.hasRemaining()) {
      if (channel.read(target, offset + target.position()) < 0) {
        throw new TarFormatException("has become shorter");
      }
    }
  }
}
