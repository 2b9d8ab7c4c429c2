package io.volant.api;

import java.util.Locale;

/** What a caller may do. Each role may do everything that the one before it may. */
public enum Role {
  /**
   * Look: GET, and nothing that reaches into a VM by a console or a command, nor at {@link
   * Secrets}.
   */
  VIEWER,
  /** Run VMs: everything but what changes which software there is and who has access. */
  OPERATOR,
  /** Everything. */
  ADMIN;

  /** Whether this role is enough where {@code needed} is. */
  boolean covers(Role needed) {
    return compareTo(needed) >= 0;
  }

  /** As it is written in configuration and messages. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
