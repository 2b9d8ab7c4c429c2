package io.volant.manifest;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.path.NodePath;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Turns what the schema validator finds into problems that a person can act on. */
public final class SchemaProblems {
  private static final String UNKNOWN_FIELD = "is not a field of ";
  private static final Pattern PLAIN_NAME = Pattern.compile("[$A-Za-z_][A-Za-z0-9_-]*");

  private SchemaProblems() {}

  /**
   * What is wrong with a document.
   *
   * @param whole what the document is, such as {@code a manifest}, for messages
   */
  public static List<ManifestProblem> in(Schema schema, JsonNode document, String whole) {
    List<Error> all = schema.validate(document);
    List<Error> errors = all.stream().filter(error -> isToTheMatter(error, all)).toList();
    Set<NodePath> ofWrongType =
        errors.stream()
            .filter(error -> error.getKeyword().equals("type"))
            .map(Error::getInstanceLocation)
            .collect(Collectors.toSet());
    List<ManifestProblem> problems = new ArrayList<>();
    for (Error error : errors) {
      // What else a value of the wrong type is not, nobody wants to know.
      if (error.getKeyword().equals("type") || !ofWrongType.contains(error.getInstanceLocation())) {
        problems.add(problem(schema, error, whole));
      }
    }
    return problems;
  }

  /** Whether a problem is a field that the schema does not have. */
  public static boolean isUnknownField(ManifestProblem problem) {
    return problem.message().startsWith(UNKNOWN_FIELD);
  }

  // Of a choice between types, what is wrong with a value of one of them is reported. Of any other
  // choice, the choice itself: why each of its branches does not hold would only confuse.
  private static boolean isToTheMatter(Error error, List<Error> all) {
    if (error.getKeyword().equals("oneOf")) {
      return branchOfType(error) < 0;
    }
    NodePath path = error.getEvaluationPath();
    for (int i = 0; i < path.getNameCount() - 1; i++) {
      if ("oneOf".equals(path.getElement(i)) && !isOfType(path, i, all)) {
        return false;
      }
    }
    return true;
  }

  /** Whether the branch of a choice that a path leads through is for values of the type found. */
  private static boolean isOfType(NodePath path, int oneOf, List<Error> all) {
    return all.stream()
        .filter(error -> error.getKeyword().equals("oneOf"))
        .filter(error -> error.getEvaluationPath().getNameCount() == oneOf + 1)
        .filter(error -> path.startsWith(error.getEvaluationPath()))
        .anyMatch(error -> path.getElement(oneOf + 1).equals(branchOfType(error)));
  }

  /** Which branch of a failed choice is for values of the type found; negative: none. */
  private static int branchOfType(Error choice) {
    String found = choice.getInstanceNode().getNodeType().name().toLowerCase(Locale.ROOT);
    for (int i = 0; i < choice.getSchemaNode().size(); i++) {
      if (choice.getSchemaNode().path(i).path("type").asText().equals(found)) {
        return i;
      }
    }
    return -1;
  }

  private static ManifestProblem problem(Schema schema, Error error, String whole) {
    String field = field(error.getInstanceLocation());
    String property = error.getProperty();
    return switch (error.getKeyword()) {
      case "required" -> new ManifestProblem(child(field, property), "is required");
      case "additionalProperties" ->
          new ManifestProblem(child(field, property), UNKNOWN_FIELD + whole);
      case "propertyNames" ->
          new ManifestProblem(
              child(field, property),
              "must have another name: " + description(schema, error.getSchemaNode()));
      case "oneOf" -> new ManifestProblem(orDocument(field), choice(error));
      default -> new ManifestProblem(orDocument(field), message(schema, error));
    };
  }

  private static String message(Schema schema, Error error) {
    String allowed = error.getSchemaNode().asText();
    String was = ", was " + Shown.value(error.getInstanceNode());
    return switch (error.getKeyword()) {
      case "type" -> "must be " + article(allowed) + was;
      case "minimum" -> "must be at least " + allowed + was;
      case "maximum" -> "must be at most " + allowed + was;
      case "enum" -> "must be " + alternatives(error.getSchemaNode()) + was;
      case "pattern" -> "must be " + description(schema, patterned(schema, error)) + was;
      case "minLength" -> "must have at least " + allowed + " characters";
      case "maxLength" -> "must have at most " + allowed + " characters";
      case "minItems" -> "must have at least " + allowed + " entries";
      case "maxItems", "maxProperties" -> "must have at most " + allowed + " entries";
      default -> Shown.text(error.getMessage());
    };
  }

  private static String article(String type) {
    return switch (type) {
      case "object", "array", "integer" -> "an " + type;
      case "boolean" -> "true or false";
      default -> "a " + type;
    };
  }

  private static String alternatives(JsonNode values) {
    List<String> shown = new ArrayList<>();
    values.forEach(value -> shown.add(value.asText()));
    return String.join(" or ", shown);
  }

  private static String choice(Error error) {
    List<String> names = new ArrayList<>();
    List<String> types = new ArrayList<>();
    for (JsonNode branch : error.getSchemaNode()) {
      names.add(branch.path("required").path(0).asText());
      types.add(article(branch.path("type").asText()));
    }
    return error.getSchemaNode().path(0).has("type")
        ? "must be " + String.join(" or ", types) + ", was " + Shown.value(error.getInstanceNode())
        : "must have exactly one of " + String.join(" and ", names);
  }

  // The part of the schema that the pattern stands in.
  private static JsonNode patterned(Schema schema, Error error) {
    NodePath keyword = error.getSchemaLocation().getFragment();
    JsonNode node = schema.getSchemaNode();
    for (int i = 0; i < keyword.getNameCount() - 1; i++) {
      node =
          keyword.getElement(i) instanceof Integer index
              ? node.path(index)
              : node.path(keyword.getName(i));
    }
    return node;
  }

  // Every pattern in the schema has a description beside it that says the same in words; a test
  // sees to it.
  private static String description(Schema schema, JsonNode part) {
    String reference = part.path("$ref").asText();
    JsonNode described =
        reference.startsWith("#/") ? schema.getSchemaNode().at(reference.substring(1)) : part;
    return described.path("description").asText("something else");
  }

  private static String field(NodePath location) {
    String field = "";
    for (int i = 0; i < location.getNameCount(); i++) {
      field =
          location.getElement(i) instanceof Integer index
              ? field + "[" + index + "]"
              : child(field, location.getName(i));
    }
    return field;
  }

  private static String child(String field, String name) {
    if (!PLAIN_NAME.matcher(name).matches()) {
      return orDocument(field) + "[\"" + Shown.text(name) + "\"]";
    }
    return field.isEmpty() ? name : field + "." + name;
  }

  private static String orDocument(String field) {
    return field.isEmpty() ? ManifestProblem.DOCUMENT : field;
  }
}
