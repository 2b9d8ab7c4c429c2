package io.volant.model;

/**
 * Who asks, and under which request: becomes {@link Stamp#by} and {@link Stamp#cause} of what
 * follows.
 *
 * @param by the principal
 * @param cause the request's id
 */
public record Asker(String by, String cause) {

  /** Volant itself, because of the event with this id. */
  public static Asker system(String cause) {
    return new Asker(Stamp.SYSTEM, cause);
  }
}
