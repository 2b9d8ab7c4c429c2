package io.volant.fledge.report;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Makes events of a build's progress. Amounts are told a few times a second at most. */
public final class EventProgress implements Progress {
  private static final long PAUSE_NS = Duration.ofMillis(200).toNanos();

  private final Consumer<BuildEvent> listener;
  private final LongSupplier clockNs;

  /**
   * @param listener gets the events one after the other, from several threads
   */
  public EventProgress(Consumer<BuildEvent> listener) {
    this(listener, System::nanoTime);
  }

  EventProgress(Consumer<BuildEvent> listener, LongSupplier clockNs) {
    this.listener = listener;
    this.clockNs = clockNs;
  }

  @Override
  public void step(String title) {
    tell(new BuildEvent.Step(OneLine.of(title)));
  }

  @Override
  public void detail(String line) {
    tell(new BuildEvent.Detail(OneLine.of(line)));
  }

  @Override
  public void warning(String line) {
    tell(new BuildEvent.Warning(OneLine.of(line)));
  }

  @Override
  public Meter meter(String what, long totalBytes) {
    return new EventMeter(OneLine.of(what), totalBytes);
  }

  private synchronized void tell(BuildEvent event) {
    listener.accept(event);
  }

  private final class EventMeter implements Meter {
    private final String what;
    private final long totalBytes;
    private long doneBytes;
    private long toldNs;

    EventMeter(String what, long totalBytes) {
      this.what = what;
      this.totalBytes = totalBytes;
      this.toldNs = clockNs.getAsLong();
      tell(new BuildEvent.Amount(what, 0, totalBytes, false));
    }

    @Override
    public synchronized void advance(long bytes) {
      doneBytes += bytes;
      long nowNs = clockNs.getAsLong();
      if (nowNs - toldNs >= PAUSE_NS) {
        toldNs = nowNs;
        tell(new BuildEvent.Amount(what, doneBytes, totalBytes, false));
      }
    }

    @Override
    public synchronized void close() {
      tell(new BuildEvent.Amount(what, doneBytes, totalBytes, true));
    }
  }
}
