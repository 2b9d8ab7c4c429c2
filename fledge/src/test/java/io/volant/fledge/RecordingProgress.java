package io.volant.fledge;

import io.volant.fledge.report.Progress;
import io.volant.fledge.report.SilentMeter;
import java.util.ArrayList;
import java.util.List;

/** Keeps what a build tells. */
public final class RecordingProgress implements Progress {
  public final List<String> steps = new ArrayList<>();
  public final List<String> details = new ArrayList<>();
  public final List<String> warnings = new ArrayList<>();

  @Override
  public void step(String title) {
    steps.add(title);
  }

  @Override
  public void detail(String line) {
    details.add(line);
  }

  @Override
  public void warning(String line) {
    warnings.add(line);
  }

  @Override
  public Meter meter(String what, long totalBytes) {
    details.add(what);
    return SilentMeter.INSTANCE;
  }
}
