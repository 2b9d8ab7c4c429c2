package io.volant.cli;

import java.io.IOException;

/**
 * The terminal of this process while each key goes out at once and unseen. Closing it, or the end
 * of the process by a signal, sets the terminal up as it was.
 */
final class RawTerminal implements AutoCloseable {

  private final String before;
  private final ExitHook interrupted;

  private RawTerminal(String before) {
    this.before = before;
    this.interrupted = ExitHook.of(() -> Stty.restore(before));
  }

  /** Sets the terminal up; fails where there is none. */
  static RawTerminal open() throws IOException {
    return new RawTerminal(Stty.raw());
  }

  @Override
  public void close() {
    Stty.restore(before);
    interrupted.close();
  }
}
