package io.volant.vm;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the host hears of a guest. Uptimes are milliseconds since the guest's kernel started. */
public sealed interface GuestSignal {

  /** The link stands: the agent answered for the first time on this connection. */
  record LinkUp() implements GuestSignal {}

  /** The link broke; it is being connected again. */
  record LinkDown(String reason) implements GuestSignal {}

  /**
   * The agent has booted the guest.
   *
   * @param uptimeMs when it was ready
   * @param sinceMs how long ago that was when the agent said so
   * @param steps the steps of its boot, in order, at most 64
   */
  record Ready(long uptimeMs, long sinceMs, String version, List<BootStep> steps)
      implements GuestSignal {
    public Ready {
      steps = List.copyOf(steps);
    }
  }

  /** A step of the guest's boot and when it was done. */
  record BootStep(String step, long uptimeMs) {}

  /** The workload runs, for the {@code attempt}-th time in this boot. */
  record WorkloadStarted(int attempt, long pid, long uptimeMs) implements GuestSignal {}

  /** The workload ended; the agent starts it again after the pause. */
  record WorkloadExited(
      int attempt,
      @Nullable Integer code,
      @Nullable Integer signal,
      long restartInMs,
      long uptimeMs)
      implements GuestSignal {}

  /** The probe's verdict changed. */
  record HealthChanged(Health health, @Nullable String detail) implements GuestSignal {}

  /** Memory and load in the guest, every few seconds: also the sign that the link lives. */
  record Stats(long uptimeMs, long memoryTotalKib, long memoryAvailableKib)
      implements GuestSignal {}
}
