package io.volant.fledge.oci;

import io.volant.fledge.report.Progress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Keeps what is told, from several threads. */
final class NotedProgress implements Progress {
  final List<String> lines = new CopyOnWriteArrayList<>();
  final AtomicLong meteredBytes = new AtomicLong();

  @Override
  public void step(String title) {
    lines.add(title);
  }

  @Override
  public void detail(String line) {
    lines.add(line);
  }

  @Override
  public void warning(String line) {
    lines.add(line);
  }

  @Override
  public Meter meter(String what, long totalBytes) {
    lines.add(what + ": " + totalBytes);
    return new Meter() {
      @Override
      public void advance(long bytes) {
        meteredBytes.addAndGet(bytes);
      }

      @Override
      public void close() {
        // nothing to end
      }
    };
  }
}
