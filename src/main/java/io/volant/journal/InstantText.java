package io.volant.journal;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import org.jspecify.annotations.Nullable;

/** The one form of text that is read here. */
final class InstantText {

  private static final String FORM = "0000-00-00T00:00:00";
  private static final int FRACTION = FORM.length() + 1;
  private static final int FRACTION_DIGITS_MAX = 9;
  private static final int DAY_SECONDS = 86_400;

  private InstantText() {}

  /** The time, or null if the text has another form or is no time. */
  static @Nullable Instant read(String text) {
    int end = text.length() - 1;
    if (end < FORM.length() || text.charAt(end) != 'Z' || !hasForm(text)) {
      return null;
    }
    int nanos = nanos(text, end);
    int hour = number(text, 11, 13);
    int minute = number(text, 14, 16);
    int second = number(text, 17, 19);
    int month = number(text, 5, 7);
    int day = number(text, 8, 10);
    if (nanos < 0 || hour > 23 || minute > 59 || second > 59) {
      return null;
    }
    int year = number(text, 0, 4);
    if (month < 1 || month > 12 || day < 1 || day > YearMonth.of(year, month).lengthOfMonth()) {
      return null;
    }
    long days = LocalDate.of(year, month, day).toEpochDay();
    return Instant.ofEpochSecond(days * DAY_SECONDS + hour * 3_600L + minute * 60L + second, nanos);
  }

  private static boolean hasForm(String text) {
    for (int i = 0; i < FORM.length(); i++) {
      char wanted = FORM.charAt(i);
      char there = text.charAt(i);
      if (wanted == '0' ? !isDigit(there) : there != wanted) {
        return false;
      }
    }
    return true;
  }

  /** The fraction of a second, none being 0; negative if it is not one. */
  private static int nanos(String text, int end) {
    if (end == FORM.length()) {
      return 0;
    }
    if (text.charAt(FORM.length()) != '.'
        || end == FRACTION
        || end > FRACTION + FRACTION_DIGITS_MAX) {
      return -1;
    }
    int nanos = 0;
    for (int i = FRACTION; i < FRACTION + FRACTION_DIGITS_MAX; i++) {
      char digit = i < end ? text.charAt(i) : '0';
      if (!isDigit(digit)) {
        return -1;
      }
      nanos = nanos * 10 + (digit - '0');
    }
    return nanos;
  }

  private static int number(String text, int from, int to) {
    int number = 0;
    for (int i = from; i < to; i++) {
      number = number * 10 + (text.charAt(i) - '0');
    }
    return number;
  }

  private static boolean isDigit(char letter) {
    return letter >= '0' && letter <= '9';
  }
}
