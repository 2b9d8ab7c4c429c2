package io.volant.fledge.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.path.NodePath;
import io.volant.fledge.report.OneLine;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Turns what a schema has against a TOML file into mistakes with a place in the file. */
final class SchemaMistakes {
  private static final int SHOWN_MAX = 120;

  private final RecipeSchema schema;
  private final TomlSource source;

  private SchemaMistakes(RecipeSchema schema, TomlSource source) {
    this.schema = schema;
    this.source = source;
  }

  /** Checks the document, which is the source's content as JSON. */
  static void find(RecipeSchema schema, TomlSource source, JsonNode document) {
    new SchemaMistakes(schema, source).find(schema.validate(document));
  }

  private void find(List<Error> errors) {
    Set<List<String>> misplaced = pathsOf("not", errors);
    Set<List<String>> ofWrongType = pathsOf("type", errors);
    for (Error error : errors) {
      List<String> path = path(error);
      String keyword = error.getKeyword();
      // What else is wrong with a thing that must not be there, or is of the wrong type, nobody
      // wants to know.
      boolean knownAlready =
          isIn(misplaced, path, !keyword.equals("not"))
              || (!keyword.equals("type") && ofWrongType.contains(path));
      if (!knownAlready && !isBranchOfChoice(error)) {
        tell(error, path);
      }
    }
  }

  private static Set<List<String>> pathsOf(String keyword, List<Error> errors) {
    return errors.stream()
        .filter(error -> error.getKeyword().equals(keyword))
        .map(SchemaMistakes::path)
        .collect(Collectors.toSet());
  }

  private static boolean isIn(Set<List<String>> paths, List<String> path, boolean itself) {
    for (int length = 1; length < path.size(); length++) {
      if (paths.contains(path.subList(0, length))) {
        return true;
      }
    }
    return itself && paths.contains(path);
  }

  // The choice itself is told; why each of its branches does not hold would only confuse.
  private static boolean isBranchOfChoice(Error error) {
    NodePath path = error.getEvaluationPath();
    for (int i = 0; i < path.getNameCount() - 1; i++) {
      if ("oneOf".equals(path.getElement(i))) {
        return true;
      }
    }
    return false;
  }

  private void tell(Error error, List<String> path) {
    JsonNode around = schema.around(error);
    String property = String.valueOf(error.getProperty());
    switch (error.getKeyword()) {
      case "required" -> source.mistake(child(path, property), missing(path, property, around));
      case "additionalProperties" ->
          source.mistake(child(path, property), unknown(path, property, around));
      case "propertyNames" ->
          source.mistake(
              child(path, property),
              "the name "
                  + shown(property)
                  + " must be "
                  + schema.allowedBy(around.path("propertyNames")));
      case "dependentRequired" -> tellDependents(path, around.path("dependentRequired"));
      case "oneOf" -> source.mistake(path, choice(path, error.getSchemaNode()));
      case "not" -> source.mistake(path, name(path) + " " + around.path("description").asText());
      default -> source.mistake(path, name(path) + " " + wrong(error, around));
    }
  }

  // The validator names the key that is missing, people look at the one that needs it.
  private void tellDependents(List<String> path, JsonNode dependents) {
    Collection<String> there = source.keysAt(path);
    dependents
        .properties()
        .forEach(dependent -> {
          String needed = dependent.getValue().path(0).asText();
          if (there.contains(dependent.getKey()) && !there.contains(needed)) {
            source.mistake(
                child(path, dependent.getKey()), dependent.getKey() + " needs " + needed);
          }
        });
  }

  private String missing(List<String> path, String property, JsonNode around) {
    if (!around.has("type") && around.has("description")) {
      return table(path) + " needs " + around.path("description").asText();
    }
    List<String> allowed = words(schema.at(child(path, property)).path("enum"));
    if (!path.isEmpty()) {
      return table(path)
          + " needs "
          + property
          + (allowed.isEmpty() ? "" : ": " + alternatives(allowed));
    }
    String remedy =
        switch (allowed.size()) {
          case 0 -> "";
          case 1 -> "; write " + property + " = \"" + allowed.getFirst() + "\"";
          default -> ": " + alternatives(allowed);
        };
    return property + " is missing" + remedy;
  }

  private String unknown(List<String> path, String property, JsonNode around) {
    List<String> known = new ArrayList<>();
    around.path("properties").fieldNames().forEachRemaining(known::add);
    return "unknown key "
        + shown(property)
        + (path.isEmpty() ? "" : " in " + table(path))
        + (known.isEmpty()
            ? ""
            : "; known: " + String.join(", ", known.stream().sorted().toList()));
  }

  private static String choice(List<String> path, JsonNode branches) {
    List<String> names = new ArrayList<>();
    branches.forEach(branch -> names.add(branch.path("required").path(0).asText()));
    return table(path) + " needs " + alternatives(names);
  }

  private String wrong(Error error, JsonNode around) {
    String allowed = error.getSchemaNode().asText();
    String was = ", was " + shown(error.getInstanceNode());
    return switch (error.getKeyword()) {
      case "type" -> "must be " + type(error.getSchemaNode(), path(error));
      case "minimum" -> "must be at least " + allowed + was;
      case "maximum" -> "must be at most " + allowed + was;
      case "enum" -> "must be " + alternatives(words(error.getSchemaNode())) + was;
      case "pattern" -> "must be " + schema.allowedBy(around) + was;
      case "minLength" -> "must have at least " + allowed + " characters";
      case "maxLength" -> "must have at most " + allowed + " characters";
      case "minItems" -> "must have at least " + allowed + " entries";
      case "maxItems", "maxProperties" -> "must have at most " + allowed + " entries";
      default -> OneLine.of(error.getMessage());
    };
  }

  private static String type(JsonNode types, List<String> path) {
    List<String> names = types.isArray() ? words(types) : List.of(types.asText());
    return String.join(
        " or ",
        names.stream()
            .map(name ->
                switch (name) {
                  case "object" -> "a table, written " + table(path);
                  case "array" -> "a list";
                  case "integer" -> "a whole number";
                  case "boolean" -> "true or false";
                  default -> "a " + name;
                })
            .toList());
  }

  private static String alternatives(List<String> words) {
    int last = words.size() - 1;
    return last < 1
        ? String.join("", words)
        : String.join(", ", words.subList(0, last)) + " or " + words.get(last);
  }

  private static List<String> words(JsonNode values) {
    List<String> words = new ArrayList<>();
    values.forEach(value -> words.add(value.asText()));
    return words;
  }

  private static String shown(JsonNode value) {
    if (value.isObject()) {
      return "a table";
    }
    return value.isArray() ? "a list" : shown(value.asText());
  }

  private static String shown(String text) {
    return text.codePointCount(0, text.length()) > SHOWN_MAX
        ? text.substring(0, text.offsetByCodePoints(0, SHOWN_MAX)) + "…"
        : text;
  }

  /** How a table is written: {@code [network]}, or {@code network.expose[0]} in a list of them. */
  private static String table(List<String> path) {
    StringBuilder dotted = new StringBuilder();
    boolean isInList = false;
    for (String step : path) {
      boolean isIndex = step.matches("[0-9]+");
      isInList |= isIndex;
      dotted.append(isIndex ? "[" + step + "]" : (dotted.isEmpty() ? "" : ".") + step);
    }
    return isInList ? dotted.toString() : "[" + dotted + "]";
  }

  private static String name(List<String> path) {
    if (path.isEmpty()) {
      return "the file";
    }
    String last = path.getLast();
    boolean isEntry = path.size() > 1 && last.matches("[0-9]+");
    return isEntry ? path.get(path.size() - 2) + "[" + last + "]" : shown(last);
  }

  private static List<String> path(Error error) {
    NodePath location = error.getInstanceLocation();
    List<String> path = new ArrayList<>();
    for (int i = 0; i < location.getNameCount(); i++) {
      path.add(String.valueOf(location.getElement(i)));
    }
    return path;
  }

  private static List<String> child(List<String> path, String key) {
    List<String> child = new ArrayList<>(path);
    child.add(key);
    return child;
  }
}
