package io.volant.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Values that fit a schema of the API's description, and values that do not. */
final class FuzzedValues {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final int DEPTH_MAX = 6;

  /** What stands under these names, so that requests are about the same few things. */
  private static final Map<String, List<String>> KNOWN =
      Map.ofEntries(
          Map.entry("name", List.of("fuzz-1", "fuzz-2", "fuzz-3", "web-1")),
          Map.entry("deployment", List.of("dep-1", "dep-2")),
          Map.entry("plugin", List.of("hello", "hello", "hello", "fuzz", "none")),
          Map.entry("runtime", List.of("hello", "other")),
          Map.entry("action", List.of("greet", "none")),
          Map.entry("artifact", List.of("initramfs", "model", "none")),
          Map.entry("artifact_name", List.of("model", "data.bin")),
          Map.entry("version", List.of("1", "2")),
          Map.entry(
              "url", List.of("/images/a.cpio.gz", "/missing", "/hostile.squashfs", "/b.ext4")),
          Map.entry("source_url", List.of("/srv/model", "/srv/missing", "file:///srv/other")),
          Map.entry("kernel_cmdline", List.of("quiet", "simulated.launch_fails=1", "")),
          Map.entry("command", List.of("echo", "cat", "fail", "nothing", "volant.vms.list")),
          Map.entry("path", List.of("x", "v1/y", "a/b%20c", "", "/etc/hosts")),
          Map.entry("request", List.of("none", "6f1c0d52-3f0e-4d3a-9d5f-0c8f5f6c2a10")),
          Map.entry("at", List.of("2026-11-23T13:00:00Z", "vm/1#1", "vm/1#99", "then")),
          Map.entry("after", List.of("0", "1", "99999")),
          Map.entry("Last-Event-ID", List.of("0", "7")),
          Map.entry("If-Match", List.of("*", "\"1\"", "\"7\"")),
          Map.entry("Idempotency-Key", List.of("a", "b", "c")),
          Map.entry("replicas", List.of("0", "1", "2")),
          Map.entry("timeout", List.of("1")),
          Map.entry("timeout_ms", List.of("100")),
          Map.entry("memory_mb", List.of("32", "64")),
          Map.entry("cpu_cores", List.of("1", "2")));

  private final OpenApiDocument document;
  private final Chance chance;

  FuzzedValues(OpenApiDocument document, Chance chance) {
    this.document = document;
    this.chance = chance;
  }

  /** A value that fits, or nearly: what two fields say together is not looked at. */
  JsonNode fitting(String name, JsonNode schema) {
    return fitting(name, schema, 0);
  }

  private JsonNode fitting(String name, JsonNode unresolved, int depth) {
    JsonNode schema = document.resolved(unresolved);
    if (schema.has("oneOf")) {
      return fitting(
          name, schema.path("oneOf").path(chance.below(schema.path("oneOf").size())), depth);
    }
    List<String> known = KNOWN.get(name);
    String type = schema.path("type").asText("object");
    if (schema.has("enum")) {
      return schema.path("enum").path(chance.below(schema.path("enum").size()));
    }
    if (schema.has("const")) {
      return schema.path("const");
    }
    return switch (type) {
      case "integer", "number" ->
          NODES.numberNode(
              known == null
                  ? schema.path("minimum").asInt(0) + chance.below(3)
                  : Integer.parseInt(chance.of(known)));
      case "boolean" -> NODES.booleanNode(chance.oneIn(2));
      case "array" -> list(name, schema, depth);
      case "string" -> NODES.textNode(text(known, schema));
      default -> object(schema, depth);
    };
  }

  private String text(@org.jspecify.annotations.Nullable List<String> known, JsonNode schema) {
    if (known != null) {
      return chance.of(known);
    }
    return schema.has("pattern") && schema.has("example")
        ? schema.path("example").asText()
        : chance.pick("a", "hello world", "/x", "käse", "7777", "");
  }

  private ArrayNode list(String name, JsonNode schema, int depth) {
    ArrayNode list = NODES.arrayNode();
    int size = schema.path("minItems").asInt(0) + chance.below(3);
    for (int i = 0; i < size && depth < DEPTH_MAX; i++) {
      list.add(fitting(name, schema.path("items"), depth + 1));
    }
    return list;
  }

  private ObjectNode object(JsonNode schema, int depth) {
    ObjectNode object = NODES.objectNode();
    List<String> required = new ArrayList<>();
    schema.path("required").forEach(each -> required.add(each.asText()));
    schema
        .path("properties")
        .properties()
        .forEach(field -> {
          if (required.contains(field.getKey()) || (depth < DEPTH_MAX && chance.oneIn(4))) {
            object.set(field.getKey(), fitting(field.getKey(), field.getValue(), depth + 1));
          }
        });
    if (schema.path("additionalProperties").isObject() && chance.oneIn(2)) {
      object.set("KEY", fitting("KEY", schema.path("additionalProperties"), depth + 1));
    }
    return object;
  }

  /** The same with something wrong somewhere. */
  JsonNode spoiled(JsonNode value) {
    if (value.isObject() && !value.isEmpty() && !chance.oneIn(4)) {
      ObjectNode object = value.deepCopy();
      List<String> names = new ArrayList<>();
      object.fieldNames().forEachRemaining(names::add);
      String name = chance.of(names);
      switch (chance.below(4)) {
        case 0 -> object.remove(name);
        case 1 -> object.set(chance.pick("colour", "", "__proto__", "näme", "name "), odd());
        default -> object.set(name, spoiled(object.path(name)));
      }
      return object;
    }
    if (value.isArray() && !value.isEmpty() && !chance.oneIn(3)) {
      ArrayNode list = value.deepCopy();
      int at = chance.below(list.size());
      list.set(at, spoiled(list.get(at)));
      return list;
    }
    return odd();
  }

  private JsonNode odd() {
    return switch (chance.below(14)) {
      case 0 -> NODES.nullNode();
      case 1 -> NODES.numberNode(-1);
      case 2 -> NODES.numberNode(new BigInteger("9".repeat(30)));
      case 3 -> NODES.numberNode(new BigDecimal("1.5"));
      case 4 -> NODES.numberNode(Long.MAX_VALUE);
      case 5 -> NODES.numberNode(1e300);
      case 6 -> NODES.textNode("x".repeat(5_000));
      case 7 ->
          NODES.textNode(chance.pick("", " ", "\u0000", "\n", "../..", "a/b", "\uffff", "𝕏"));
      case 8 -> NODES.arrayNode();
      case 9 -> NODES.objectNode();
      case 10 -> NODES.booleanNode(true);
      case 11 -> nested(chance.pick(5, 31, 33, 500));
      case 12 ->
          NODES.textNode(chance.pick("%s%n", "${x}", "file:///dev/zero", "http://[::1", "-1"));
      default -> NODES.numberNode(4_294_967_297L);
    };
  }

  private static JsonNode nested(int depth) {
    JsonNode nested = NODES.objectNode();
    for (int i = 0; i < depth; i++) {
      nested = i % 2 == 0 ? NODES.arrayNode().add(nested) : NODES.objectNode().set("a", nested);
    }
    return nested;
  }
}
