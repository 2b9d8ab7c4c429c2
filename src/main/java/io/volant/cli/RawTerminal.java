package io.volant.cli;

import java.io.IOException;

/**
 * The terminal of this process while each key goes out at once and unseen. Closing it, or the end
 * of the process by a signal, sets the terminal up as it was.
 */
final class RawTerminal implements AutoCloseable {

  private final Thread interrupted;
  private final String before;

  private RawTerminal(String before) {
    this.before = before;
    this.interrupted = new Thread(() -> Stty.restore(before));
  }

  /** Sets the terminal up; fails where there is none. */
  static RawTerminal open() throws IOException {
    RawTerminal terminal = new RawTerminal(Stty.raw());
    Runtime.getRuntime().addShutdownHook(terminal.interrupted);
    return terminal;
  }

  @Override
  public void close() {
    Stty.restore(before);
    try {
      boolean _ = Runtime.getRuntime().removeShutdownHook(interrupted);
    } catch (IllegalStateException shuttingDown) {
      return; // it runs already
    }
  }
}
