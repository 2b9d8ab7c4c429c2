package io.volant.fledge.oci;

import io.volant.fledge.report.Progress;
import io.volant.fledge.tree.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * Passes a layer on as it comes, and meanwhile counts it, sums it up and keeps it. Ends a layer
 * that is longer than it may be.
 */
final class BlobTee extends InputStream {
  private static final int DRAIN_BYTES = 64 * 1024;

  private final InputStream source;
  private final long mostBytes;
  private final @Nullable WritableByteChannel copy;
  private final Progress.Meter meter;
  private final MessageDigest sum = Sha256.digest();
  private long count;
  private boolean tooLong;
  private @Nullable IOException sourceFailure;

  BlobTee(
      InputStream source,
      long mostBytes,
      @Nullable WritableByteChannel copy,
      Progress.Meter meter) {
    this.source = source;
    this.mostBytes = mostBytes;
    this.copy = copy;
    this.meter = meter;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int read = readSource(target, offset, length);
    if (read <= 0) {
      return read;
    }
    count += read;
    if (count > mostBytes) {
      tooLong = true;
      throw new CorruptLayerException("is too long");
    }
    sum.update(target, offset, read);
    if (copy != null) {
      ByteBuffer bytes = ByteBuffer.wrap(target, offset, read);
      while (bytes.hasRemaining()) {
        copy.write(bytes);
      }
    }
    meter.advance(read);
    return read;
  }

  private int readSource(byte[] target, int offset, int length) throws IOException {
    try {
      return source.read(target, offset, length);
    } catch (IOException failure) {
      sourceFailure = failure;
      throw failure;
    }
  }

  /** Reads the rest, so that the digest is that of everything. */
  void drain() throws IOException {
    byte[] buffer = new byte[DRAIN_BYTES];
    int read = 0;
    while (read >= 0) {
      read = read(buffer, 0, buffer.length);
    }
  }

  long count() {
    return count;
  }

  /** Whether there is more than there may be. */
  boolean tooLong() {
    return tooLong;
  }

  /** Why the source could not be read; null: it could. */
  @Nullable IOException sourceFailure() {
    return sourceFailure;
  }

  /** The digest of what has passed. Once only. */
  Digest digest() {
    return new Digest(Sha256.text(sum.digest()));
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
