package io.volant.fledge.report;

/** How much of a build is told. Failures are always told. */
public enum Loudness {
  /** Nothing. */
  QUIET,
  /** Steps and warnings. */
  NORMAL,
  /** Everything. */
  VERBOSE
}
