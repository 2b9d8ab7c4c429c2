package io.volant.fledge.filesystem;

import io.volant.fledge.report.Progress;
import java.util.concurrent.atomic.AtomicInteger;

/** Passes on the first things that a program complains about; the others are details. */
final class FewWarnings {
  private static final int WARNINGS_MAX = 5;

  private final String program;
  private final Progress progress;
  private final AtomicInteger count = new AtomicInteger();

  FewWarnings(String program, Progress progress) {
    this.program = program;
    this.progress = progress;
  }

  void add(String line) {
    if (count.incrementAndGet() <= WARNINGS_MAX) {
      progress.warning(program + ": " + line);
    } else {
      progress.detail(program + ": " + line);
    }
  }
}
