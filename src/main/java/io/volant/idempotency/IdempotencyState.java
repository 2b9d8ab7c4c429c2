package io.volant.idempotency;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/**
 * The keys of one day. Pure: changes only by events.
 *
 * @param entries what became of each key
 * @param answerBytes what the kept bodies take together
 */
public record IdempotencyState(PMap<OnceKey, Entry> entries, long answerBytes) {

  /** How long a key is remembered. */
  static final Duration LIFE = Duration.ofHours(24);

  /**
   * What became of a key.
   *
   * @param fingerprint of the request that it was first used for
   * @param begunAt when
   * @param cause id of the event that began it
   * @param answer what was answered; null: nothing yet
   */
  public record Entry(
      String fingerprint, Instant begunAt, String cause, @Nullable KeptAnswer answer) {}

  static IdempotencyState empty() {
    return new IdempotencyState(HashTreePMap.empty(), 0);
  }

  /** What is known of a key that has not expired. */
  Optional<Entry> find(OnceKey key, Instant at) {
    return Optional.ofNullable(entries.get(key))
        .filter(entry -> at.isBefore(entry.begunAt().plus(LIFE)));
  }

  /** The state after {@code event}. */
  IdempotencyState on(IdempotencyEvent event) {
    OnceKey key = new OnceKey(event.stamp().by(), event.key());
    return switch (event) {
      case IdempotencyEvent.Begun(var stamp, _, var fingerprint) ->
          new IdempotencyState(
              entries.plus(key, new Entry(fingerprint, stamp.at(), stamp.id(), null)), answerBytes);
      case IdempotencyEvent.Answered(_, _, var answer) -> answered(key, answer);
    };
  }

  private IdempotencyState answered(OnceKey key, KeptAnswer answer) {
    Entry begun = entries.get(key);
    if (begun == null) {
      return this;
    }
    return new IdempotencyState(
        entries.plus(key, new Entry(begun.fingerprint(), begun.begunAt(), begun.cause(), answer)),
        answerBytes + answer.bodyBytes());
  }
}
