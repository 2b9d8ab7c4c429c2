package io.volant.vm;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a VM's restart policy has come to.
 *
 * @param retries how often it was started again in a row
 * @param due the start that shall come; null: none
 */
public record Restarts(int retries, @Nullable Due due) {

  /** A VM that ran for so long is sound: its next end is the first again. */
  static final Duration SOUND_AFTER = Duration.ofSeconds(60);

  /**
   * A start that shall come.
   *
   * @param cause id of the event that led to it
   * @param at when; null: that is still to be decided
   */
  public record Due(String cause, @Nullable Instant at) {}

  static Restarts none() {
    return new Restarts(0, null);
  }

  /** It ended without being asked to, after having run for so long; null: it was never up. */
  Restarts fell(@Nullable Duration ran) {
    boolean sound = ran != null && ran.compareTo(SOUND_AFTER) >= 0;
    return new Restarts(sound ? 0 : retries, null);
  }

  /** It is at rest after such an end, of which the event with this id tells. */
  Restarts crashed(RestartPolicy policy, @Nullable VmExit exit, String eventId) {
    return policy.wants(exit) && policy.allows(retries)
        ? new Restarts(retries, new Due(eventId, null))
        : cancelled();
  }

  Restarts planned(VmEvent.RestartPlanned event) {
    return new Restarts(event.retry(), new Due(event.stamp().id(), event.at()));
  }

  /** It was started: by its policy, or by somebody, with whom the counting begins anew. */
  Restarts started(String cause) {
    return due != null && due.cause().equals(cause) ? cancelled() : none();
  }

  Restarts cancelled() {
    return new Restarts(retries, null);
  }
}
