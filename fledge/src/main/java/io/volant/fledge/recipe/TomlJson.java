package io.volant.fledge.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlArray;
import org.tomlj.TomlTable;

/** TOML values as JSON. Dates and times, which JSON does not have, become text. */
final class TomlJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private TomlJson() {}

  static ObjectNode of(TomlTable table) {
    ObjectNode object = JSON.objectNode();
    table.entrySet().forEach(entry -> object.set(entry.getKey(), value(entry.getValue())));
    return object;
  }

  private static JsonNode value(@Nullable Object value) {
    return switch (value) {
      case TomlTable table -> of(table);
      case TomlArray array -> array(array);
      case Long number -> JSON.numberNode(number);
      case Double number -> JSON.numberNode(number);
      case Boolean flag -> JSON.booleanNode(flag);
      case null, default -> JSON.textNode(String.valueOf(value));
    };
  }

  private static ArrayNode array(TomlArray array) {
    ArrayNode items = JSON.arrayNode();
    array.toList().forEach(item -> items.add(value(item)));
    return items;
  }
}
