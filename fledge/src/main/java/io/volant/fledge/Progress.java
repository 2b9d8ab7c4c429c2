package io.volant.fledge;

/** Where a build tells what it does. The build itself never prints. */
interface Progress {
  /** A step begins. */
  void step(String title);

  /** Something for who wants to see everything. */
  void detail(String line);

  /** Something that the user should know although the build goes on. */
  void warning(String line);
}
