package io.volant.adapter.files;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Gives up a download that brings nothing for too long: the HTTP client's own timeout ends with the
 * headers. The stream is closed from outside, which wakes the reader.
 */
final class StallGuardedStream extends FilterInputStream {

  private final Duration timeout;
  private final ScheduledFuture<?> watch;
  private volatile long progressNanos = System.nanoTime();
  private volatile boolean stalled;

  StallGuardedStream(InputStream body, Duration timeout, ScheduledExecutorService clock) {
    super(body);
    this.timeout = timeout;
    long periodMs = Math.max(1, timeout.toMillis() / 4);
    this.watch =
        clock.scheduleWithFixedDelay(this::look, periodMs, periodMs, TimeUnit.MILLISECONDS);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    try {
      int count = super.read(buffer, offset, length);
      progressNanos = System.nanoTime();
      if (stalled) {
        throw new IOException("stalled");
      }
      return count;
    } catch (IOException e) {
      throw stalled
          ? new IOException("no byte came for " + timeout.toMillis() + " ms: given up", e)
          : e;
    }
  }

  @Override
  public void close() throws IOException {
    watch.cancel(false);
    super.close();
  }

  private void look() {
    if (System.nanoTime() - progressNanos < timeout.toNanos()) {
      return;
    }
    stalled = true;
    try {
      super.close();
    } catch (IOException e) {
      // The reader gets the failure; there is nobody else to tell.
      stalled = true;
    }
  }
}
