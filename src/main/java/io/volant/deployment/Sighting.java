package io.volant.deployment;

import io.volant.model.Asker;
import io.volant.model.VmId;

/**
 * The VM that has a replica's name now, as the host sees it. It need not belong to the deployment.
 *
 * @param vmId which one
 * @param maker who had it made, and because of what
 * @param condition how it is
 * @param detail why it is so, for people; may be empty
 */
public record Sighting(VmId vmId, Asker maker, Condition condition, String detail) {

  /** How a VM is, as far as it matters here. */
  public enum Condition {
    /** On its way up. */
    COMING,
    /** Up, and not healthy. */
    UP,
    /** Up and healthy; up is enough for one that nobody can ask. */
    READY,
    /** On its way to rest. */
    GOING,
    /** At rest because somebody asked for it. */
    STOPPED,
    CRASHED,
    /** Being deleted. */
    LEAVING
  }

  /** Whether it does its work. */
  boolean isReady() {
    return condition == Condition.READY;
  }

  /** Whether it may yet become ready by itself. */
  boolean isRising() {
    return switch (condition) {
      case COMING, UP, READY -> true;
      case GOING, STOPPED, CRASHED, LEAVING -> false;
    };
  }
}
