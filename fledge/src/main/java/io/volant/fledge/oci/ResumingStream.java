package io.volant.fledge.oci;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import org.jspecify.annotations.Nullable;

/** A blob of known size that goes on where it broke off. Its digest shows whether the parts fit. */
final class ResumingStream extends InputStream {
  /** So many bytes later a connection counts as having worked. */
  private static final long PROGRESS_BYTES = 1024 * 1024;

  /** Where the blob can be had. */
  interface Source {
    /** The blob from a byte on. */
    InputStream from(long position) throws IOException;
  }

  private final Source source;
  private final long sizeBytes;
  private final RegistryTiming timing;
  private @Nullable InputStream body;
  private long position;
  private long lastFailureAt;
  private int failures;

  ResumingStream(Source source, long sizeBytes, RegistryTiming timing) {
    this.source = source;
    this.sizeBytes = sizeBytes;
    this.timing = timing;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    while (true) {
      try {
        int count = tryToRead(target, offset, length);
        position += Math.max(0, count);
        return count;
      } catch (RegistryRefusalException | InterruptedIOException end) {
        throw end;
      } catch (IOException passing) {
        close();
        pause(passing);
      }
    }
  }

  private int tryToRead(byte[] target, int offset, int length) throws IOException {
    if (body == null) {
      body = source.from(position);
    }
    int count = body.read(target, offset, length);
    if (count < 0 && position < sizeBytes) {
      throw new IOException("it ended after " + position + " of " + sizeBytes + " bytes");
    }
    return count;
  }

  private void pause(IOException failure) throws IOException {
    if (position - lastFailureAt >= PROGRESS_BYTES) {
      failures = 0;
    }
    lastFailureAt = position;
    if (failures == timing.pauses().size()) {
      throw failure;
    }
    Pause.of(timing.pauses().get(failures));
    failures++;
  }

  @Override
  public void close() throws IOException {
    if (body != null) {
      body.close();
      body = null;
    }
  }
}
