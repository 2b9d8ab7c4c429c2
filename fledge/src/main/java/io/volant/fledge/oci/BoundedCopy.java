package io.volant.fledge.oci;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Copies what may be too large. */
final class BoundedCopy {
  private static final int BUFFER_BYTES = 256 * 1024;

  private BoundedCopy() {}

  /** Copies everything, and fails when it is more than that. */
  static void copy(InputStream from, WritableByteChannel to, long most) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    long sum = 0;
    int count = from.read(buffer, 0, buffer.length);
    while (count >= 0) {
      sum += count;
      if (sum > most) {
        throw new IOException("it has more than " + most + " bytes, which is not allowed");
      }
      ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, count);
      while (bytes.hasRemaining()) {
        to.write(bytes);
      }
      count = from.read(buffer, 0, buffer.length);
    }
  }
}
