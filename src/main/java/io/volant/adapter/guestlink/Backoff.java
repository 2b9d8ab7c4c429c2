package io.volant.adapter.guestlink;

import java.time.Duration;

/**
 * Pauses that double.
 *
 * @param minMs the first pause in milliseconds, 1 or more
 * @param maxMs the longest, not less than {@code minMs}
 */
public record Backoff(long minMs, long maxMs) {

  public Backoff {
    if (minMs < 1 || maxMs < minMs) {
      throw new IllegalArgumentException(
          "pauses go from 1 ms or more upwards, not from %d to %d ms".formatted(minMs, maxMs));
    }
  }

  /** The pause after so many failures in a row; {@code failures} counts from 1. */
  public Duration after(int failures) {
    long pauseMs = minMs;
    for (int doubled = 1; doubled < failures && pauseMs < maxMs; doubled++) {
      pauseMs = Math.min(maxMs, pauseMs * 2);
    }
    return Duration.ofMillis(pauseMs);
  }

  /** Whether something that lived this long may begin with the shortest pause again. */
  boolean forgivenAfter(Duration lived) {
    return lived.toMillis() >= maxMs;
  }
}
