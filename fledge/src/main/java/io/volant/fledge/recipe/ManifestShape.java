package io.volant.fledge.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/**
 * Makes a manifest of what {@code manifest.toml} says: the entrypoint may be one string with {@code
 * args} beside it, the variables stand in {@code [env]}, and much may be left out. The document has
 * been found good by its schema.
 */
final class ManifestShape {
  private static final String VERSION = "0.1.0";
  private static final int CPU_CORES = 1;
  private static final int MEMORY_MIB = 256;

  private ManifestShape() {}

  /** Adds what does not depend on an image. */
  static void complete(ObjectNode document, String folderName) {
    setIfAbsent(document, "schema_version", "1.0");
    setIfAbsent(document, "name", nameOf(folderName));
    setIfAbsent(document, "version", VERSION);
    if (!document.has("runtime")) {
      document.set("runtime", document.get("name"));
    }
    ObjectNode resources = objectAt(document, "resources");
    setIfAbsent(resources, "cpu_cores", CPU_CORES);
    setIfAbsent(resources, "memory_mb", MEMORY_MIB);
    completeWorkload(objectAt(document, "workload"), document);
  }

  /** The same with something in place of what only the build knows, for a check of the rest. */
  static ObjectNode withStandIns(ObjectNode document) {
    ObjectNode whole = document.deepCopy();
    whole.putObject("initramfs").put("url", "/to-be-built");
    ObjectNode workload = objectAt(whole, "workload");
    if (!workload.has("entrypoint")) {
      workload.putArray("entrypoint").add("/to-be-found");
    }
    workload.remove("args");
    setIfAbsent(workload, "base_url", "http://127.0.0.1:80");
    return whole;
  }

  private static void completeWorkload(ObjectNode workload, ObjectNode document) {
    setIfAbsent(workload, "type", "http");
    joinArguments(workload);
    if (document.remove("env") instanceof ObjectNode env) {
      objectAt(workload, "env").setAll(env);
    }
    int port = exposedPort(document.path("network").path("expose"));
    if (port > 0) {
      setIfAbsent(workload, "base_url", "http://127.0.0.1:" + port);
    }
  }

  // Arguments alone stay: they go after the image's entrypoint.
  private static void joinArguments(ObjectNode workload) {
    if (workload.path("entrypoint").isTextual()) {
      String program = workload.path("entrypoint").asText();
      workload.putArray("entrypoint").add(program);
    }
    if (workload.path("entrypoint") instanceof ArrayNode words
        && workload.path("args") instanceof ArrayNode more) {
      words.addAll(more);
      workload.remove("args");
    }
  }

  // A program that exposes a port answers there, unless it says otherwise.
  private static int exposedPort(JsonNode expose) {
    for (JsonNode entry : expose) {
      if (entry.path("protocol").asText("tcp").equals("tcp")) {
        return entry.path("port").asInt();
      }
    }
    return 0;
  }

  static ObjectNode objectAt(ObjectNode parent, String field) {
    return parent.get(field) instanceof ObjectNode object ? object : parent.putObject(field);
  }

  private static void setIfAbsent(ObjectNode object, String field, String value) {
    if (!object.has(field)) {
      object.put(field, value);
    }
  }

  private static void setIfAbsent(ObjectNode object, String field, int value) {
    if (!object.has(field)) {
      object.put(field, value);
    }
  }

  private static String nameOf(String folderName) {
    return folderName
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^a-z0-9._-]", "-")
        .replaceAll("^[._-]+|[._-]+$", "");
  }
}
