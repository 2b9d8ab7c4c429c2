package io.volant.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/** {@code schemas/openapi.yaml}, walked for the tests. */
final class OpenApiDocument {
  private static final Set<String> METHODS =
      Set.of("get", "head", "post", "put", "patch", "delete", "options");

  private final JsonNode root;
  private final SchemaRegistry schemas =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  private final Map<JsonNode, Schema> compiled = new HashMap<>();

  private OpenApiDocument(JsonNode root) {
    this.root = root;
  }

  static OpenApiDocument read() throws IOException {
    return new OpenApiDocument(new YAMLMapper().readTree(Path.of("schemas/openapi.yaml").toFile()));
  }

  JsonNode root() {
    return root;
  }

  /**
   * One method of one path.
   *
   * @param name such as {@code GET /healthz}
   */
  record Operation(String name, String path, JsonNode pathItem, JsonNode node) {}

  List<Operation> operations() {
    List<Operation> operations = new ArrayList<>();
    root.path("paths")
        .properties()
        .forEach(path ->
            path.getValue()
                .properties()
                .forEach(method -> {
                  if (METHODS.contains(method.getKey())) {
                    String name =
                        method.getKey().toUpperCase(java.util.Locale.ROOT) + " " + path.getKey();
                    operations.add(
                        new Operation(name, path.getKey(), path.getValue(), method.getValue()));
                  }
                }));
    return operations;
  }

  /** What a reference leads to; a missing node if it leads nowhere. */
  JsonNode target(String reference) {
    return reference.startsWith("#/")
        ? root.at(reference.substring(1))
        : root.path("no such place");
  }

  JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? resolved(target(node.path("$ref").asText())) : node;
  }

  /** Visits every node below {@code from} with its place. */
  void walk(JsonNode from, String place, BiConsumer<String, JsonNode> visitor) {
    visitor.accept(place, from);
    if (from.isObject()) {
      from.properties().forEach(f -> walk(f.getValue(), place + "/" + f.getKey(), visitor));
    }
    for (int i = 0; from.isArray() && i < from.size(); i++) {
      walk(from.get(i), place + "/" + i, visitor);
    }
  }

  /**
   * What is wrong with a value, in the eyes of a schema that may refer to the document's
   * components.
   */
  List<String> problems(JsonNode schema, JsonNode value) {
    Schema whole =
        compiled.computeIfAbsent(
            schema,
            _ -> {
              ObjectNode standalone = JsonNodeFactory.instance.objectNode();
              standalone.set("components", root.path("components"));
              standalone.putArray("allOf").add(schema);
              return schemas.getSchema(standalone);
            });
    return whole.validate(value).stream().map(Object::toString).toList();
  }
}
