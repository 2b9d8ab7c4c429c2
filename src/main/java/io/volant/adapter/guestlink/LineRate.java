package io.volant.adapter.guestlink;

/** Counts what happens within any one second. Pure: the time comes with each call. */
final class LineRate {

  private static final long SECOND_NS = 1_000_000_000L;

  /** The times of the last happenings, a ring. */
  private final long[] timesNs;

  private int next;
  private long total;

  /** Allows so many within any second. */
  LineRate(int perSecondMax) {
    timesNs = new long[perSecondMax];
  }

  /**
   * Counts one more, also when it is one too many.
   *
   * @param nowNs of a clock that does not go back
   * @return whether it was still within the limit
   */
  boolean count(long nowNs) {
    boolean within = total < timesNs.length || nowNs - timesNs[next] >= SECOND_NS;
    timesNs[next] = nowNs;
    next = (next + 1) % timesNs.length;
    total++;
    return within;
  }
}
