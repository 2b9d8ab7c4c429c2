package io.volant.model;

/**
 * Who asks, and under which request: becomes {@link Stamp#by} and {@link Stamp#cause} of what
 * follows.
 *
 * @param by the principal
 * @param cause the request's id
 */
public record Asker(String by, String cause) {

  /** How the ids of the events begin that let an idempotency key's request be done. */
  private static final String ONCE = "idempotency/";

  /**
   * Whether this is a request with an idempotency key: no other has the same cause, so what was
   * made because of it was made by an earlier run of the very same request. The id of a plain
   * request cannot look like this, as it has no slash.
   */
  public boolean isOnce() {
    return cause.startsWith(ONCE);
  }

  /** Volant itself, because of the event with this id. */
  public static Asker system(String cause) {
    return new Asker(Stamp.SYSTEM, cause);
  }
}
