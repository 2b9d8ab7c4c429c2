package io.volant.fledge.report;

import java.io.PrintWriter;

/** Tells a build's progress on a terminal. */
public final class ConsoleProgress implements Progress {
  /** How much is told. Failures are always told. */
  public enum Level {
    /** Nothing. */
    QUIET,
    /** Warnings. */
    NORMAL,
    /** Everything. */
    VERBOSE
  }

  private final PrintWriter output;
  private final Level level;

  /**
   * @param output where it is told
   * @param level how much is told
   */
  public ConsoleProgress(PrintWriter output, Level level) {
    this.output = output;
    this.level = level;
  }

  @Override
  public void step(String title) {
    if (level == Level.VERBOSE) {
      output.println("fledge: " + title);
    }
  }

  @Override
  public void detail(String line) {
    if (level == Level.VERBOSE) {
      output.println("  " + OneLine.of(line));
    }
  }

  @Override
  public void warning(String line) {
    if (level != Level.QUIET) {
      output.println("fledge: warning: " + OneLine.of(line));
    }
  }

  @Override
  public Meter meter(String what, long totalBytes) {
    detail(what);
    return SilentMeter.INSTANCE;
  }
}
