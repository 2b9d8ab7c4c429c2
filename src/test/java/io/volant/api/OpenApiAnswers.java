package io.volant.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.volant.api.OpenApiDocument.Operation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Holds answers of a daemon against what the API's description says of them. */
final class OpenApiAnswers {

  private static final String JSON_TYPE = "application/json";

  /** What can come from every call; a fault of ours, or a host with too much to do, cannot. */
  private static final List<Integer> EVERYWHERE = List.of(404, 405);

  private final OpenApiDocument document;
  private final List<Operation> operations;

  OpenApiAnswers(OpenApiDocument document) {
    this.document = document;
    // {name} takes less than a fixed word, {path} the least
    this.operations =
        document.operations().stream()
            .sorted(
                Comparator.comparing((Operation each) -> each.path().contains("{path}"))
                    .thenComparing(each -> each.path().split("\\{", -1).length))
            .toList();
  }

  /** The operation that a call is for, if there is one. */
  Optional<Operation> operation(String method, String target) {
    String path = target.replaceFirst("[?#].*", "");
    return operations.stream()
        .filter(each -> each.name().startsWith(method + " "))
        .filter(each -> template(each.path()).matcher(path).matches())
        .findFirst();
  }

  static Pattern template(String path) {
    return Pattern.compile(
        path.replace("{path}", "\u0001").replaceAll("\\{[a-z]+}", "[^/]+").replace("\u0001", ".*"),
        Pattern.DOTALL);
  }

  /** What about an answer is not as it is described; empty if all is. */
  List<String> problems(
      String method, String target, int status, String contentType, String body) {
    Optional<Operation> operation = operation(method, target);
    if (operation.isEmpty() && method.equals("OPTIONS") && status == 204) {
      return body.isEmpty() ? List.of() : List.of("the answer to a browser's question has a body");
    }
    if (operation.isEmpty()) {
      return EVERYWHERE.contains(status) || status == 400
          ? errorProblems(contentType, body)
          : List.of(status + " for what is not described");
    }
    if (isFromWorkload(operation.get()) && status < 400) {
      return List.of();
    }
    JsonNode response =
        document.resolved(operation.get().node().path("responses").path("" + status));
    if (response.isMissingNode()) {
      return EVERYWHERE.contains(status)
          ? errorProblems(contentType, body)
          : List.of(status + " is not described for " + operation.get().name());
    }
    return bodyProblems(response.path("content"), contentType, body);
  }

  private static boolean isFromWorkload(Operation operation) {
    return operation.path().contains("/agent/") || operation.path().contains("/actions/");
  }

  private List<String> bodyProblems(JsonNode content, String contentType, String body) {
    String type = contentType.replaceFirst("\\s*;.*", "");
    if (content.isMissingNode()) {
      return body.isEmpty() ? List.of() : List.of("there is a body where none is described");
    }
    if (!content.has(type)) {
      return List.of("the type " + contentType + " is not described");
    }
    return type.equals(JSON_TYPE)
        ? jsonProblems(content.path(type).path("schema"), body)
        : List.of();
  }

  private List<String> errorProblems(String contentType, String body) {
    return contentType.startsWith(JSON_TYPE)
        ? jsonProblems(document.target("#/components/schemas/Error"), body)
        : List.of("an error of the type " + contentType);
  }

  private List<String> jsonProblems(JsonNode schema, String body) {
    try {
      List<String> problems = new ArrayList<>();
      JsonNode tree = RunningApi.JSON.readTree(body);
      if (tree.isMissingNode()) {
        return List.of("there is no body");
      }
      problems.addAll(document.problems(schema, tree));
      return problems;
    } catch (JsonProcessingException broken) {
      return List.of("not JSON: " + body);
    }
  }
}
