package io.volant.cli;

/** What is done when the process is told to end (Ctrl-C, SIGTERM) while something goes on. */
final class ExitHook implements AutoCloseable {

  private final Thread thread;

  private ExitHook(Thread thread) {
    this.thread = thread;
  }

  static ExitHook of(Runnable farewell) {
    Thread thread = new Thread(farewell);
    Runtime.getRuntime().addShutdownHook(thread);
    return new ExitHook(thread);
  }

  /** It is over, and nothing is to be done. */
  @Override
  public void close() {
    try {
      boolean _ = Runtime.getRuntime().removeShutdownHook(thread);
    } catch (IllegalStateException shuttingDown) {
      return; // it runs already
    }
  }
}
