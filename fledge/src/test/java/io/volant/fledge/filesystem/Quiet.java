package io.volant.fledge.filesystem;

import io.volant.fledge.report.Progress;
import io.volant.fledge.report.SilentMeter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Keeps the warnings of a writer. */
final class Quiet implements Progress {
  final List<String> warnings = Collections.synchronizedList(new ArrayList<>());

  @Override
  public void step(String title) {
    // writers have none
  }

  @Override
  public void detail(String line) {
    // nobody looks
  }

  @Override
  public void warning(String line) {
    warnings.add(line);
  }

  @Override
  public Meter meter(String what, long totalBytes) {
    return SilentMeter.INSTANCE;
  }
}
