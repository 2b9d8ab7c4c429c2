package io.volant.fledge.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The schemas say the same as the code, and say it in words too. */
class RecipeSchemaTest {
  @Test
  void the_recipes_schema_has_the_keys_that_are_read() {
    assertThat(RecipeSchema.RECIPE.keys())
        .containsExactlyInAnyOrderElementsOf(keysOf(RecipeDocument.class, List.of()));
  }

  @Test
  void the_defaults_have_the_fields_of_a_manifest() {
    JsonNode manifest = RecipeSchema.manifest();
    assertThat(names(RecipeSchema.DEFAULTS.at(List.of())))
        .containsAll(names(manifest))
        .containsOnlyOnceElementsOf(List.of("env"));
    List<String> program = names(RecipeSchema.DEFAULTS.at(List.of("workload")));
    assertThat(program).containsAll(names(manifest.at("/$defs/workload"))).contains("args");
    assertThat(names(RecipeSchema.DEFAULTS.at(List.of("resources"))))
        .isEqualTo(names(manifest.at("/properties/resources")));
  }

  @ParameterizedTest
  @MethodSource("both")
  void every_key_has_a_description_that_ends_as_a_sentence(RecipeSchema schema) {
    for (List<String> key : schema.keys()) {
      if (key.size() <= (schema == RecipeSchema.RECIPE ? 2 : 0)) {
        assertThat(schema.property(key).path("description").asText())
            .as(String.join(".", key))
            .endsWith(".");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("both")
  void every_pattern_and_every_prohibition_says_what_it_means(RecipeSchema schema) {
    assertThat(partsWith(schema.document(), "pattern")).allSatisfy(RecipeSchemaTest::hasWords);
    assertThat(partsWith(schema.document(), "not")).allSatisfy(RecipeSchemaTest::hasWords);
  }

  private static List<RecipeSchema> both() {
    return List.of(RecipeSchema.RECIPE, RecipeSchema.DEFAULTS);
  }

  private static void hasWords(JsonNode part) {
    // A pattern below "not" belongs to the words around that.
    if (!part.path("pattern").asText().equals("%$")) {
      assertThat(part.path("description").asText()).as(part.toString()).isNotEmpty();
    }
  }

  private static List<JsonNode> partsWith(JsonNode node, String keyword) {
    List<JsonNode> parts = new ArrayList<>();
    if (node.has(keyword) && !node.path(keyword).has("required")) {
      parts.add(node);
    }
    node.forEach(child -> parts.addAll(partsWith(child, keyword)));
    return parts;
  }

  private static List<String> names(JsonNode table) {
    List<String> names = new ArrayList<>();
    table.path("properties").fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static List<List<String>> keysOf(Class<?> type, List<String> path) {
    List<List<String>> keys = new ArrayList<>();
    for (RecordComponent part : type.getRecordComponents()) {
      List<String> key = new ArrayList<>(path);
      key.add(nameOf(part));
      keys.add(List.copyOf(key));
      if (part.getType().isRecord()) {
        keys.addAll(keysOf(part.getType(), key));
      }
    }
    return keys;
  }

  private static String nameOf(RecordComponent part) {
    return part.getAccessor().getAnnotation(JsonProperty.class).value();
  }
}
