package io.volant.fledge.report;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Tells a build's progress on a terminal: lines that stay, and below them a bar a meter. */
public final class BarProgress implements Progress {
  private static final int REFRESH_MS = 100;
  private static final long MIB = 1024L * 1024;
  private static final int NAME_LENGTH_MAX = 30;

  private final BarLines lines;
  private final Loudness loudness;

  /**
   * @param lines the terminal
   * @param loudness how much is told; nobody is told nothing by bars
   */
  public BarProgress(BarLines lines, Loudness loudness) {
    this.lines = lines;
    this.loudness = loudness;
  }

  @Override
  public void step(String title) {
    lines.print("fledge: " + OneLine.of(title));
  }

  @Override
  public void detail(String line) {
    if (loudness == Loudness.VERBOSE) {
      lines.print("  " + OneLine.of(line));
    }
  }

  @Override
  public void warning(String line) {
    lines.print("fledge: warning: " + OneLine.of(line));
  }

  @Override
  public Meter meter(String what, long totalBytes) {
    ProgressBar bar =
        new ProgressBarBuilder()
            .setTaskName(shortened(OneLine.of(what)))
            .setInitialMax(totalBytes)
            .setUnit(" MiB", MIB)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(REFRESH_MS)
            .setMaxRenderedLength(lines.width())
            .hideEta()
            .showSpeed()
            .setSpeedUnit(ChronoUnit.SECONDS)
            .setConsumer(lines.newBar())
            .continuousUpdate()
            .startsFrom(0, Duration.ZERO)
            .build();
    return new BarMeter(bar);
  }

  private static String shortened(String name) {
    return name.length() <= NAME_LENGTH_MAX ? name : name.substring(0, NAME_LENGTH_MAX - 1) + "…";
  }

  private record BarMeter(ProgressBar bar) implements Meter {
    @Override
    public void advance(long bytes) {
      bar.stepBy(bytes);
    }

    @Override
    public void close() {
      bar.close();
    }
  }
}
