package io.volant.fledge.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.NodePath;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One of the two schemas that describe what people write: {@code fledge.toml} and {@code
 * manifest.toml}. They are the only list of keys; editors use the same files.
 */
final class RecipeSchema {
  /** {@code fledge.toml}. */
  static final RecipeSchema RECIPE = new RecipeSchema("fledge-toml-v1.json");

  /** {@code manifest.toml}. */
  static final RecipeSchema DEFAULTS = new RecipeSchema("fledge-manifest-toml-v1.json");

  private static final String BASE = "https://volant.io/schemas/";
  private static final String MANIFEST = "plugin-manifest-v1.json";

  private final Schema schema;

  private RecipeSchema(String file) {
    Map<String, String> texts = new TreeMap<>();
    for (String name : List.of(file, MANIFEST)) {
      texts.put(BASE + name, text("/schemas/" + name));
    }
    schema =
        SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12, registry -> registry.schemas(texts))
            .getSchema(SchemaLocation.of(BASE + file));
  }

  List<Error> validate(JsonNode document) {
    return schema.validate(document);
  }

  /** The part of the schema that a keyword of an error stands in. */
  JsonNode around(Error error) {
    NodePath keyword = error.getSchemaLocation().getFragment();
    String document = String.valueOf(error.getSchemaLocation().getAbsoluteIri());
    JsonNode node = document.endsWith(MANIFEST) ? ManifestSchema.ROOT : schema.getSchemaNode();
    for (int i = 0; i < keyword.getNameCount() - 1; i++) {
      node =
          keyword.getElement(i) instanceof Integer index
              ? node.path(index)
              : node.path(keyword.getName(i));
    }
    return node;
  }

  /** The part of the schema that describes what stands at this path of a document. */
  JsonNode at(List<String> path) {
    JsonNode node = schema.getSchemaNode();
    for (String step : path) {
      node = followed(node);
      JsonNode property = node.path("properties").path(step);
      JsonNode other = node.has("items") ? node.path("items") : node.path("additionalProperties");
      node = property.isMissingNode() ? other : property;
    }
    return followed(node);
  }

  /** The part that stands in the schema for this key itself, before any reference. */
  JsonNode property(List<String> key) {
    return at(key.subList(0, key.size() - 1)).path("properties").path(key.getLast());
  }

  /** The whole schema. */
  JsonNode document() {
    return schema.getSchemaNode();
  }

  /** The schema of the plugin manifest. */
  static JsonNode manifest() {
    return ManifestSchema.ROOT;
  }

  /** The words that say what is allowed: the description of what a reference leads to. */
  String allowedBy(JsonNode part) {
    return followed(part).path("description").asText("something else");
  }

  /** Every key of the schema with the path of its table, for tests and documents. */
  List<List<String>> keys() {
    List<List<String>> keys = new ArrayList<>();
    collect(List.of(), keys);
    return keys;
  }

  private void collect(List<String> path, List<List<String>> keys) {
    at(path)
        .path("properties")
        .fieldNames()
        .forEachRemaining(name -> {
          List<String> key = new ArrayList<>(path);
          key.add(name);
          keys.add(List.copyOf(key));
          collect(key, keys);
        });
  }

  private JsonNode followed(JsonNode node) {
    JsonNode at = node;
    while (at.path("$ref").isTextual()) {
      String reference = at.path("$ref").asText();
      int hash = reference.indexOf('#');
      JsonNode root = reference.startsWith(MANIFEST) ? ManifestSchema.ROOT : rootOf(at);
      at = root.at(reference.substring(hash + 1));
    }
    return at;
  }

  // A reference inside the manifest's schema stays there.
  private JsonNode rootOf(JsonNode reference) {
    JsonNode here = schema.getSchemaNode().at(reference.path("$ref").asText().substring(1));
    return here.isMissingNode() ? ManifestSchema.ROOT : schema.getSchemaNode();
  }

  private static String text(String resource) {
    try (InputStream source = RecipeSchema.class.getResourceAsStream(resource)) {
      if (source == null) {
        throw new IllegalStateException(
            resource + " is not on the class path; the build copies it there from schemas/");
      }
      return new String(source.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The schema of the plugin manifest, which that of manifest.toml refers to. */
  private static final class ManifestSchema {
    private static final JsonNode ROOT =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(text("/schemas/" + MANIFEST))
            .getSchemaNode();

    private ManifestSchema() {}
  }
}
