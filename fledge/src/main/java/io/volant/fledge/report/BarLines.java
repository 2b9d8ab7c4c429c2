package io.volant.fledge.report;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import me.tongfei.progressbar.ProgressBarConsumer;

/**
 * The bottom lines of a terminal, one a bar. What is printed meanwhile goes above them. A bar that
 * is done goes away.
 */
public final class BarLines {
  private static final String UP_AND_CLEAR = "\u001b[1A\u001b[2K";

  private final PrintWriter terminal;
  private final int width;
  private final List<Bar> bars = new ArrayList<>();
  private int shown;

  /**
   * @param terminal where to write; it understands the usual escape sequences
   * @param width its width in characters
   */
  public BarLines(PrintWriter terminal, int width) {
    this.terminal = terminal;
    this.width = width;
  }

  int width() {
    return width;
  }

  /** Prints a line above the bars. */
  synchronized void print(String line) {
    clear();
    terminal.println(line);
    show();
  }

  /** A new bar at the bottom. */
  synchronized ProgressBarConsumer newBar() {
    Bar bar = new Bar();
    bars.add(bar);
    return bar;
  }

  private void clear() {
    terminal.print(UP_AND_CLEAR.repeat(shown));
    shown = 0;
  }

  private void show() {
    for (Bar bar : bars) {
      if (!bar.text.isEmpty()) {
        terminal.println(bar.text);
        shown++;
      }
    }
    terminal.flush();
  }

  private synchronized void update(Bar bar, String text) {
    bar.text = text.length() <= width ? text : text.substring(0, width);
    clear();
    show();
  }

  private synchronized void remove(Bar bar) {
    bars.remove(bar);
    clear();
    show();
  }

  private final class Bar implements ProgressBarConsumer {
    private String text = "";

    @Override
    public int getMaxRenderedLength() {
      return width;
    }

    @Override
    public void accept(String rendered) {
      update(this, rendered.strip());
    }

    @Override
    public void clear() {
      update(this, "");
    }

    @Override
    public void close() {
      remove(this);
    }
  }
}
