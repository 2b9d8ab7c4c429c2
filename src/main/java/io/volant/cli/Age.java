package io.volant.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/** How long ago something was, in its largest unit. */
final class Age {
  private Age() {}

  static String of(String timestamp, Instant now) {
    try {
      Duration age = Duration.between(Instant.parse(timestamp), now);
      if (age.toDays() > 0) {
        return age.toDays() + "d";
      }
      if (age.toHours() > 0) {
        return age.toHours() + "h";
      }
      if (age.toMinutes() > 0) {
        return age.toMinutes() + "m";
      }
      return Math.max(0, age.toSeconds()) + "s";
    } catch (DateTimeParseException odd) {
      return "-";
    }
  }
}
