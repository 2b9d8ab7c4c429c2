package io.volant.manifest;

import com.fasterxml.jackson.databind.JsonNode;

/** How values from a manifest appear in messages: on one line, printable, and cut when long. */
final class Shown {
  private static final int LENGTH_MAX = 120;

  private Shown() {}

  static String value(JsonNode node) {
    if (node.isObject()) {
      return "an object";
    }
    return node.isArray() ? "an array" : text(node.toString());
  }

  static String text(String text) {
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .limit(LENGTH_MAX)
        .forEach(c -> shown.appendCodePoint(Character.isISOControl(c) ? ' ' : c));
    return text.codePointCount(0, text.length()) > LENGTH_MAX ? shown + "…" : shown.toString();
  }
}
