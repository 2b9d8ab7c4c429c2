package io.volant.api;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** How values appear in answers. */
final class Text {

  private static final int SHOWN_MAX = 120;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private Text() {}

  /** A time as RFC 3339 in UTC, with milliseconds. */
  static String time(Instant instant) {
    return TIME.format(instant);
  }

  /** What a client sent, fit for a message: on one line, printable, cut when long. */
  static String shown(@Nullable String text) {
    if (text == null) {
      return "no reason given";
    }
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .limit(SHOWN_MAX)
        .forEach(c -> shown.appendCodePoint(Character.isISOControl(c) ? ' ' : c));
    return text.codePointCount(0, text.length()) > SHOWN_MAX ? shown + "…" : shown.toString();
  }
}
