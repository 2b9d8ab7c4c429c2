package io.volant.fledge.oci;

import java.io.InterruptedIOException;
import java.time.Duration;

/** Waits before another attempt. */
final class Pause {
  private Pause() {}

  /** Waits so long. An interrupt ends it as a stopped request ends. */
  static void of(Duration length) throws InterruptedIOException {
    try {
      Thread.sleep(length);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("stopped");
    }
  }
}
