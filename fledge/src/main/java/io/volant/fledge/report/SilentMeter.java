package io.volant.fledge.report;

/** A meter that nobody watches. */
public enum SilentMeter implements Progress.Meter {
  /** It has no state. */
  INSTANCE;

  @Override
  public void advance(long bytes) {
    // nobody watches
  }

  @Override
  public void close() {
    // nothing to end
  }
}
