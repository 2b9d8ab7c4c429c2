package io.volant.fledge.report;

import java.io.PrintWriter;

/** Tells a build's progress in plain lines. */
public final class LineProgress implements Progress {
  private final PrintWriter output;
  private final Loudness loudness;

  /**
   * @param output where it is told
   * @param loudness how much is told
   */
  public LineProgress(PrintWriter output, Loudness loudness) {
    this.output = output;
    this.loudness = loudness;
  }

  @Override
  public void step(String title) {
    if (loudness != Loudness.QUIET) {
      output.println("fledge: " + OneLine.of(title));
    }
  }

  @Override
  public void detail(String line) {
    if (loudness == Loudness.VERBOSE) {
      output.println("  " + OneLine.of(line));
    }
  }

  @Override
  public void warning(String line) {
    if (loudness != Loudness.QUIET) {
      output.println("fledge: warning: " + OneLine.of(line));
    }
  }

  @Override
  public Meter meter(String what, long totalBytes) {
    detail(what);
    return SilentMeter.INSTANCE;
  }
}
