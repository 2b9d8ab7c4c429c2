package io.volant.metrics;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How the log lines in the event stream are doing. Written by one, read by whoever asks.
 *
 * @param followed VMs whose lines are read now
 * @param leftOut running VMs whose lines are not, as there are too many
 * @param linesLost lines that subscribers were too slow for, since the daemon's start
 */
public record LogNumbers(AtomicLong followed, AtomicLong leftOut, AtomicLong linesLost) {

  /** Nobody listens yet. */
  public static LogNumbers none() {
    return new LogNumbers(new AtomicLong(), new AtomicLong(), new AtomicLong());
  }
}
