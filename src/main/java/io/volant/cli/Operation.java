package io.volant.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * An operation in the API description of a workload.
 *
 * @param id its operationId; {@code METHOD /path} where the description has none
 * @param method in upper case
 * @param path with its placeholders
 */
record Operation(String id, String method, String path, String summary) {

  private static final List<String> METHODS =
      List.of("get", "head", "post", "put", "patch", "delete", "options");

  /** All that a description has, in its order. */
  static List<Operation> in(JsonNode description) {
    List<Operation> found = new ArrayList<>();
    for (Map.Entry<String, JsonNode> path : description.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> each : path.getValue().properties()) {
        if (METHODS.contains(each.getKey()) && path.getKey().startsWith("/")) {
          String method = each.getKey().toUpperCase(Locale.ROOT);
          String usual = method + " " + path.getKey();
          found.add(
              new Operation(
                  each.getValue().path("operationId").asText(usual),
                  method,
                  path.getKey(),
                  each.getValue().path("summary").asText("")));
        }
      }
    }
    return found;
  }
}
