package io.volant.vm;

import org.jspecify.annotations.Nullable;

/** Where a VM is in its life. */
public sealed interface Phase {

  /** On its way up; {@code step} is being done. */
  record Starting(StartStep step) implements Phase {}

  /**
   * Up.
   *
   * @param certain false when the process is there and cannot be asked
   * @param workload which run of the workload this is
   * @param detail why it is not healthy, or not certain
   */
  record Running(boolean certain, WorkloadRun workload, Health health, @Nullable String detail)
      implements Phase {

    Running with(WorkloadRun run) {
      return new Running(certain, run, health, detail);
    }

    Running with(Health newHealth, @Nullable String newDetail) {
      return new Running(certain, workload, newHealth, newDetail);
    }
  }

  /**
   * The workload in the guest.
   *
   * @param number counts its runs since the guest booted; 0: nothing heard yet
   * @param alive whether it runs
   */
  record WorkloadRun(int number, boolean alive) {

    static WorkloadRun none() {
      return new WorkloadRun(0, false);
    }
  }

  /**
   * On its way down: the process, if there is one, shall end, then everything is released.
   *
   * @param then what comes after
   * @param by who wants it
   * @param reason for a crash: why
   * @param exit how the process ended, once it has
   * @param trouble why the latest release did not work; null while it does
   */
  record Ending(
      Then then,
      String by,
      String cause,
      String reason,
      @Nullable VmExit exit,
      @Nullable String trouble)
      implements Phase {}

  /** At rest, as was asked. */
  record Stopped(@Nullable VmExit exit) implements Phase {}

  /** At rest, and nobody asked for it. */
  record Crashed(String reason, @Nullable VmExit exit) implements Phase {}

  /** Gone. */
  record Deleted() implements Phase {}
}
