package io.volant.deployment;

import java.time.Instant;

/**
 * How far the latest revision has come.
 *
 * @param reason why it failed; empty unless it has
 * @param stable the latest revision that all replicas had, healthy; 0: none yet
 * @param startedAt when the rollout began, or began anew
 */
public record Progress(Phase phase, String reason, int stable, Instant startedAt) {

  /** Where a rollout is. */
  public enum Phase {
    PROGRESSING,
    /** Every replica has it, and was healthy with it. */
    COMPLETE,
    /** It stopped; what has another revision is left alone. */
    FAILED
  }
}
