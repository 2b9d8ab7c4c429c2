package io.volant.model;

import java.time.Instant;

/**
 * What every stored event tells about itself.
 *
 * @param id the event's own id, {@code vm/7#12}: what it happened to, and its number there
 * @param name the name of what it happened to, so that the journal reads without a look-up
 * @param at when it was decided
 * @param by who asked for it: a user's name, {@code system}, {@code deployment/x}
 * @param cause id of the request or of the event that led to it
 */
public record Stamp(String id, String name, Instant at, String by, String cause) {

  /** The principal of everything that Volant decides by itself. */
  public static final String SYSTEM = "system";
}
