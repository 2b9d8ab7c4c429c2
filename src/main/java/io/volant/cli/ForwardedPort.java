package io.volant.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A port of this machine that leads to one in a VM.
 *
 * @param local 0: any that is free
 * @param remote 1 to 65535
 */
record ForwardedPort(int local, int remote) {

  private static final Pattern FORM = Pattern.compile("(?:([0-9]{0,5}):)?([0-9]{1,5})");
  private static final int PORT_MAX = 65_535;

  /** From {@code [LOCAL:]REMOTE}. Without LOCAL it is the same; where LOCAL is empty, any. */
  static ForwardedPort of(String text) throws CliFailure {
    Matcher matcher = FORM.matcher(text);
    if (matcher.matches()) {
      int remote = Integer.parseInt(matcher.group(2));
      String given = matcher.group(1);
      int local = given == null ? remote : given.isEmpty() ? 0 : Integer.parseInt(given);
      if (remote >= 1 && remote <= PORT_MAX && local <= PORT_MAX) {
        return new ForwardedPort(local, remote);
      }
    }
    throw new CliFailure(
        ExitCode.USAGE,
        "'" + text + "' is not [LOCAL:]REMOTE; ports are 1 to 65535, and LOCAL may be 0 for any");
  }
}
