package io.volant.fledge.oci.tar;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Objects;

/** Some bytes of a file. Many may be open at once; closing one leaves the channel open. */
final class SliceStream extends InputStream {
  private static final int TRANSFER_BYTES = 128 * 1024;

  private final FileChannel channel;
  private long position;
  private long left;

  SliceStream(FileChannel channel, long offset, long length) {
    this.channel = channel;
    this.position = offset;
    this.left = length;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (left == 0 || length == 0) {
      return length == 0 ? 0 : -1;
    }
    int wanted = (int) Math.min(length, left);
    int count = channel.read(ByteBuffer.wrap(target, offset, wanted), position);
    if (count < 0) {
      throw new EOFException("an archive in the cache has become shorter");
    }
    position += count;
    left -= count;
    return count;
  }

  @Override
  public long skip(long count) {
    long skipped = Math.clamp(count, 0, left);
    position += skipped;
    left -= skipped;
    return skipped;
  }

  @Override
  public int available() {
    return (int) Math.min(left, Integer.MAX_VALUE);
  }

  @Override
  public long transferTo(OutputStream output) throws IOException {
    byte[] buffer = new byte[(int) Math.min(TRANSFER_BYTES, left)];
    long sum = 0;
    while (left > 0) {
      int count = read(buffer, 0, buffer.length);
      output.write(buffer, 0, count);
      sum += count;
    }
    return sum;
  }
}
