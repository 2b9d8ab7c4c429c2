package io.volant.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.volant.manifest.ManifestProblem;
import io.volant.manifest.SchemaProblems;
import io.volant.model.FieldProblem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The API's own description, {@code schemas/openapi.yaml}: what is served at {@code /openapi}, and
 * what bodies are checked against, so that the two cannot differ.
 */
final class ApiDocument {

  private static final String RESOURCE = "/schemas/openapi.yaml";
  private static final int PROBLEMS_MAX = 50;

  private final JsonNode tree;
  private final byte[] json;
  private final SchemaRegistry registry =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  private final Map<String, Schema> schemas = new ConcurrentHashMap<>();

  /** Loads the description from the class path. */
  ApiDocument() {
    try (InputStream source = ApiDocument.class.getResourceAsStream(RESOURCE)) {
      if (source == null) {
        throw new IllegalStateException(RESOURCE + " is not on the class path");
      }
      tree = new ObjectMapper(new YAMLFactory()).readTree(source);
      json = JsonBody.MAPPER.writeValueAsBytes(tree);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The whole description. */
  JsonNode tree() {
    return tree;
  }

  /** The whole description as JSON text. */
  byte[] json() {
    return json;
  }

  /** Throws a {@link ProblemException} unless a body is what {@code schemaName} says. */
  void check(String schemaName, JsonNode body) {
    check(SchemaProblems.in(schema(schemaName), body, "this request"));
  }

  /** Throws a {@link ProblemException} if there are problems. */
  static void check(List<ManifestProblem> problems) {
    if (problems.isEmpty()) {
      return;
    }
    boolean unknown = problems.stream().anyMatch(SchemaProblems::isUnknownField);
    List<FieldProblem> details =
        problems.stream()
            .distinct()
            .limit(PROBLEMS_MAX)
            .map(problem -> new FieldProblem(problem.field(), problem.message()))
            .toList();
    throw Problem.ofFields(unknown ? ErrorCode.UNKNOWN_FIELD : ErrorCode.INVALID_FIELD, details)
        .asException();
  }

  /** The schema with a name under {@code components}. */
  Schema schema(String name) {
    return schemas.computeIfAbsent(name, this::load);
  }

  private Schema load(String name) {
    if (!tree.at("/components/schemas").has(name)) {
      throw new IllegalArgumentException("no schema " + name);
    }
    ObjectNode root = JsonBody.MAPPER.createObjectNode();
    root.put("$ref", "#/components/schemas/" + name);
    root.set("components", tree.get("components"));
    return registry.getSchema(root);
  }
}
