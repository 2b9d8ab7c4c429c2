package io.volant.fledge.report;

import java.util.Locale;

/** How {@code fledge} ends. Scripts may rely on the numbers. */
public enum ExitCode {
  /** All is built. */
  OK(0),
  /** A mistake of fledge itself. */
  BUG(1),
  /** The command line is wrong. */
  USAGE(2),
  /** The recipe or its manifest.toml is wrong; one line a mistake. */
  RECIPE(3),
  /** A file or program that the build needs is missing or not fit. */
  INPUT(4),
  /** A download failed or has another checksum. */
  DOWNLOAD(5),
  /** The result could not be written, or the build was stopped. */
  OUTPUT(6);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  /** The kind of failure as a word, for programs. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The number that the shell sees. */
  public int number() {
    return number;
  }
}
