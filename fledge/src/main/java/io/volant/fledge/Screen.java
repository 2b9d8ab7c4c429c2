package io.volant.fledge;

import io.volant.fledge.report.BarLines;
import io.volant.fledge.report.BarProgress;
import io.volant.fledge.report.LineProgress;
import io.volant.fledge.report.Loudness;
import io.volant.fledge.report.Progress;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What standard error is.
 *
 * @param width how many characters fit into a line of the terminal; 0: it is no terminal
 */
record Screen(int width) {
  /** No terminal: a file, a pipe, or a test. */
  static final Screen NONE = new Screen(0);

  private static final int USUAL_WIDTH = 80;
  private static final int LEAST_WIDTH = 40;

  /** By this process's standard error and environment. */
  static Screen ofHost() {
    String type = System.getenv("TERM");
    return isTerminal() && type != null && !type.equals("dumb")
        ? new Screen(width(System.getenv("COLUMNS")))
        : NONE;
  }

  /** How a build is told here. */
  Progress progress(PrintWriter errors, Loudness loudness) {
    return width == 0 || loudness == Loudness.QUIET
        ? new LineProgress(errors, loudness)
        : new BarProgress(new BarLines(errors, width), loudness);
  }

  // The JDK tells only whether standard input and output are terminals both.
  private static boolean isTerminal() {
    try {
      String target = Path.of("/proc/self/fd/2").toRealPath().toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException notThere) {
      return false;
    }
  }

  private static int width(@Nullable String columns) {
    return columns != null && columns.matches("[0-9]{1,4}")
        ? Math.max(LEAST_WIDTH, Integer.parseInt(columns))
        : USUAL_WIDTH;
  }
}
