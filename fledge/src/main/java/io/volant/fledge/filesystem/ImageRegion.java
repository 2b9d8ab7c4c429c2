package io.volant.fledge.filesystem;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/**
 * A part of an image that is written from its start to its end. Zeros are left out, so that they
 * take no room on the host's disk; the file must have its size already.
 */
final class ImageRegion extends OutputStream {
  private static final int BUFFER_BYTES = 1 << 18;

  private static final byte[] ZEROS = new byte[BUFFER_BYTES];

  private final FileChannel image;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private long start;
  private int used;

  ImageRegion(FileChannel image) {
    this.image = image;
  }

  /** Goes on at another place. */
  void seek(long position) throws IOException {
    long gap = position - start - used;
    if (used == 0 || gap < 0 || gap > BUFFER_BYTES - used) {
      flush();
      start = position;
    } else {
      used += (int) gap; // what is not used of the buffer is zero
    }
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int done = 0;
    while (done < length) {
      if (used == BUFFER_BYTES) {
        flush();
      }
      int part = Math.min(length - done, BUFFER_BYTES - used);
      System.arraycopy(bytes, offset + done, buffer, used, part);
      used += part;
      done += part;
    }
  }

  @Override
  public void flush() throws IOException {
    if (!Arrays.equals(buffer, 0, used, ZEROS, 0, used)) {
      ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, used);
      while (bytes.hasRemaining()) {
        image.write(bytes, start + bytes.position());
      }
      Arrays.fill(buffer, 0, used, (byte) 0);
    }
    start += used;
    used = 0;
  }

  /** Writes what is left. The file stays open. */
  @Override
  public void close() throws IOException {
    flush();
  }
}
