package io.volant.vm;

import org.jspecify.annotations.Nullable;

/**
 * Whether a VM that ended without being asked to is started again. The pauses before that double
 * from the first to the longest.
 *
 * @param when after which ends
 * @param maxRetries so many times in a row at most; 0: without end
 * @param backoffMinMs the first pause, 1 or more
 * @param backoffMaxMs the longest pause, not less than the first
 */
public record RestartPolicy(When when, int maxRetries, long backoffMinMs, long backoffMaxMs) {

  /** The first pause where nobody says. */
  public static final long BACKOFF_MIN_MS = 1_000;

  /** The longest pause where nobody says. */
  public static final long BACKOFF_MAX_MS = 60_000;

  /** By how much chance may shorten a pause: VMs that fell together do not get up together. */
  private static final double SPREAD = 0.25;

  private static final int DOUBLINGS_MAX = 32;

  /** After which ends a VM is started again. */
  public enum When {
    NO("no"),
    /** After every end that nobody asked for, but not when the guest powered itself off. */
    ON_FAILURE("on-failure"),
    ALWAYS("always");

    private final String text;

    When(String text) {
      this.text = text;
    }

    /** As people write it. */
    public String text() {
      return text;
    }
  }

  /** Never. */
  public static RestartPolicy no() {
    return new RestartPolicy(When.NO, 0, BACKOFF_MIN_MS, BACKOFF_MAX_MS);
  }

  /**
   * Whether a VM is started again.
   *
   * @param exit how its process ended; null: it never had one
   */
  boolean wants(@Nullable VmExit exit) {
    return switch (when) {
      case NO -> false;
      case ON_FAILURE -> exit == null || !exit.poweredOff();
      case ALWAYS -> true;
    };
  }

  /** Whether there may be one more retry after so many in a row. */
  boolean allows(int retries) {
    return maxRetries == 0 || retries < maxRetries;
  }

  /**
   * The pause before the next start.
   *
   * @param retries how many there were in a row
   * @param chance 0 to 1: by which part of the spread it is shortened
   */
  long pauseMs(int retries, double chance) {
    long full = Math.min(backoffMaxMs, backoffMinMs << Math.min(retries, DOUBLINGS_MAX));
    return Math.max(1, Math.round(full * (1 - SPREAD * chance)));
  }
}
