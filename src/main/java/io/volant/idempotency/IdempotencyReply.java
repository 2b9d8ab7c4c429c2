package io.volant.idempotency;

/** What becomes of a request that carries a key. */
public sealed interface IdempotencyReply {

  /**
   * Do it, and tell the end with {@link IdempotencyCommand.Finish}.
   *
   * @param cause id of the event that says so: the cause of everything that follows
   * @param again whether it may have been done, wholly or in part, by a run whose end was never
   *     told
   */
  record Go(String cause, boolean again) implements IdempotencyReply {}

  /** It was done; this was the answer. */
  record Answered(KeptAnswer answer) implements IdempotencyReply {}

  /** The key was used for another request. */
  record Conflict() implements IdempotencyReply {}

  /** There are too many keys, or too many wait for the same one. */
  record Full() implements IdempotencyReply {}
}
