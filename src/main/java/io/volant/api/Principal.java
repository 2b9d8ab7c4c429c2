package io.volant.api;

/**
 * Who calls.
 *
 * @param name becomes {@code by} of the events that follow
 * @param role what is allowed
 */
record Principal(String name, Role role) {

  /** Whoever reaches a daemon that asks for no key: somebody on this machine. */
  static final Principal LOCAL = new Principal("local", Role.ADMIN);
}
