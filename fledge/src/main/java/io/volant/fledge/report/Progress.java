package io.volant.fledge.report;

/** Where a build tells what it does. The build itself never prints. Safe for several threads. */
public interface Progress {
  /** A step begins. */
  void step(String title);

  /** Something for who wants to see everything. */
  void detail(String line);

  /** Something that the user should know although the build goes on. */
  void warning(String line);

  /**
   * Something begins that takes long enough to be watched.
   *
   * @param what what it is, such as {@code layer 2 of 5}
   * @param totalBytes how much there is to do; -1: not known
   */
  Meter meter(String what, long totalBytes);

  /** How far something is. */
  interface Meter extends AutoCloseable {
    /** So many bytes more are done. */
    void advance(long bytes);

    /** It is done, or has failed. */
    @Override
    void close();
  }
}
