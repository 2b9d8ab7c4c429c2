package io.volant.cli;

/**
 * What {@code volar doctor} found out about one thing.
 *
 * @param thing what was looked at
 * @param state how it is
 * @param detail why it is said to be so
 * @param remedy a command that mends it; empty where nothing is to be done
 */
record Finding(String thing, State state, String detail, String remedy) {

  /** How a thing is. */
  enum State {
    /** As it should be. */
    OK,
    /** Not as it should be, and VMs run without it, if worse. */
    WORSE,
    /** Not there, and needed. */
    MISSING
  }

  static Finding fine(String thing, String detail) {
    return new Finding(thing, State.OK, detail, "");
  }

  static Finding worse(String thing, String detail, String remedy) {
    return new Finding(thing, State.WORSE, detail, remedy);
  }

  static Finding missing(String thing, String detail, String remedy) {
    return new Finding(thing, State.MISSING, detail, remedy);
  }
}
