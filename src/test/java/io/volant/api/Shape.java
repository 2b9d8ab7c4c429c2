package io.volant.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/**
 * What an answer has to look like: which fields are there, of which type, and the values that the
 * contract fixes. Other fields may be there too.
 */
final class Shape {

  private static final String EACH = "$each";
  private static final String MATCHES = "$matches ";

  private final JsonNode named;

  /** With the shapes that others may refer to as {@code $name}. */
  Shape(JsonNode named) {
    this.named = named;
  }

  /** What in {@code found} is other than {@code wanted}; empty if nothing is. */
  List<String> differences(JsonNode wanted, JsonNode found) {
    List<String> differences = new ArrayList<>();
    compare("", wanted, found, differences);
    return differences;
  }

  private void compare(String at, JsonNode wanted, JsonNode found, List<String> differences) {
    if (wanted.isTextual() && wanted.asText().startsWith("$")) {
      word(at, wanted.asText(), found, differences);
    } else if (wanted.isObject() && wanted.has(EACH)) {
      if (!found.isArray() || found.isEmpty()) {
        differences.add(at + " must be a list with something in it, is " + found);
      }
      for (int i = 0; i < found.size(); i++) {
        compare(at + "/" + i, wanted.path(EACH), found.path(i), differences);
      }
    } else if (wanted.isObject()) {
      object(at, wanted, found, differences);
    } else if (wanted.isArray()) {
      if (!found.isArray() || found.size() != wanted.size()) {
        differences.add(at + " must be a list of " + wanted.size() + ", is " + found);
      }
      for (int i = 0; i < wanted.size() && i < found.size(); i++) {
        compare(at + "/" + i, wanted.path(i), found.path(i), differences);
      }
    } else if (!wanted.equals(found)) {
      differences.add(at + " must be " + wanted + ", is " + found);
    }
  }

  private void object(String at, JsonNode wanted, JsonNode found, List<String> differences) {
    if (!found.isObject()) {
      differences.add(at + " must be an object, is " + found);
      return;
    }
    wanted
        .properties()
        .forEach(field -> {
          boolean optional = field.getKey().endsWith("?");
          String name = field.getKey().replaceFirst("\\?$", "");
          if (!optional || found.has(name)) {
            compare(at + "/" + name, field.getValue(), found.path(name), differences);
          }
        });
  }

  private void word(String at, String word, JsonNode found, List<String> differences) {
    boolean fits =
        switch (word) {
          case "$any" -> !found.isMissingNode();
          case "$absent" -> found.isMissingNode();
          case "$string" -> found.isTextual();
          case "$integer" -> found.isIntegralNumber();
          case "$number" -> found.isNumber();
          case "$boolean" -> found.isBoolean();
          case "$object" -> found.isObject();
          case "$array" -> found.isArray();
          case "$time" -> found.isTextual() && isTime(found.asText());
          default -> {
            if (word.startsWith(MATCHES)) {
              yield found.isTextual() && found.asText().matches(word.substring(MATCHES.length()));
            }
            JsonNode shape = named.path(word.substring(1));
            if (shape.isMissingNode()) {
              throw new IllegalArgumentException("no shape " + word);
            }
            compare(at, shape, found, differences);
            yield true;
          }
        };
    if (!fits) {
      differences.add(at + " must be " + word + ", is " + found);
    }
  }

  /** RFC 3339 in UTC. */
  private static boolean isTime(String text) {
    try {
      return OffsetDateTime.parse(text).getOffset().getTotalSeconds() == 0;
    } catch (DateTimeException other) {
      return false;
    }
  }
}
