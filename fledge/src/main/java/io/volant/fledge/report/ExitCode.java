package io.volant.fledge.report;

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
  /** The result could not be written. */
  OUTPUT(6);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  /** The number that the shell sees. */
  public int number() {
    return number;
  }
}
