package io.volant.fledge.report;

/** Makes text from outside fit for one line on a terminal. */
public final class OneLine {
  private static final int LENGTH_MAX = 300;

  private OneLine() {}

  /** The text without line breaks and control characters, at most 300 characters. */
  public static String of(String text) {
    StringBuilder line = new StringBuilder();
    text.codePoints()
        .limit(LENGTH_MAX)
        .forEach(c -> line.appendCodePoint(Character.isISOControl(c) ? ' ' : c));
    return text.codePointCount(0, text.length()) > LENGTH_MAX ? line + "…" : line.toString();
  }
}
