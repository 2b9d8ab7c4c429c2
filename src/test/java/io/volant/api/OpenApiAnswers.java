package io.volant.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.volant.api.OpenApiDocument.Operation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Holds answers of a daemon against what the API's description says of them. */
final class OpenApiAnswers {

  private static final String JSON_TYPE = "application/json";

  /** What can come from every call; a fault of ours, or a host with too much to do, must not. */
  private static final List<Integer> EVERYWHERE = List.of(404, 405);

  /** What can come from where nothing is: whoever asks is looked at first. */
  private static final List<Integer> NOWHERE = List.of(401, 403, 404, 405, 429);

  /** How our answers begin to what is not HTTP; they come before anybody knows of what call. */
  private static final String NOT_HTTP = "request is not valid HTTP";

  private final OpenApiDocument document;
  private final List<Operation> operations;

  OpenApiAnswers(OpenApiDocument document) {
    this.document = document;
    // {name} takes less than a fixed word, {path} the least
    this.operations =
        document.operations().stream()
            .sorted(
                Comparator.comparing((Operation each) -> each.path().contains("{path}"))
                    .thenComparingInt(each -> each.path().split("\\{", -1).length))
            .toList();
  }

  /** The operation that a call is for, if there is one. */
  Optional<Operation> operation(String method, String target) {
    String called = withoutDots(target.replaceFirst("[?#].*", ""));
    String path = Router.OTHER_NAMES.getOrDefault(called, called);
    return operations.stream()
        .filter(each -> each.name().startsWith(method + " "))
        .filter(each -> template(each.path()).matcher(path).matches())
        .findFirst();
  }

  /** Dots lead up, also where they are written with percent signs (RFC 3986, 6.2.2). */
  private static String withoutDots(String path) {
    ArrayDeque<String> parts = new ArrayDeque<>();
    String[] all = path.split("/", -1);
    for (int i = 1; i < all.length; i++) {
      String part = all[i].replace("%2e", ".").replace("%2E", ".");
      boolean dots = part.equals(".") || part.equals("..");
      if (part.equals("..")) {
        parts.pollLast();
      }
      if (!dots) {
        parts.add(all[i]);
      } else if (i == all.length - 1) {
        parts.add("");
      }
    }
    return "/" + String.join("/", parts);
  }

  /** Whether an operation has a status, or it can come from everywhere. */
  boolean isDescribed(String method, String target, int status) {
    return EVERYWHERE.contains(status)
        || operation(method, target)
            .map(each -> each.node().path("responses").has("" + status))
            .orElse(status == 400);
  }

  static Pattern template(String path) {
    return Pattern.compile(
        path.replace("{path}", "\u0001").replaceAll("\\{[a-z]+}", "[^/]+").replace("\u0001", ".*"),
        Pattern.DOTALL);
  }

  /** What about an answer is not as it is described; empty if all is. */
  List<String> problems(String method, String target, int status, String contentType, String body) {
    Optional<Operation> operation = operation(method, target);
    if (operation.isEmpty() && method.equals("OPTIONS") && status == 204) {
      return body.isEmpty() ? List.of() : List.of("the answer to a browser's question has a body");
    }
    if (operation.isEmpty()) {
      return NOWHERE.contains(status) || isNotHttp(status, body)
          ? errorProblems(contentType, body)
          : List.of(status + " for what is not described");
    }
    if (isFromWorkload(operation.get()) && (status < 400 || !contentType.startsWith(JSON_TYPE))) {
      return List.of(); // our own errors are JSON
    }
    JsonNode response =
        document.resolved(operation.get().node().path("responses").path("" + status));
    if (response.isMissingNode() || isNotHttp(status, body)) {
      return EVERYWHERE.contains(status) || isNotHttp(status, body)
          ? errorProblems(contentType, body)
          : List.of(status + " is not described for " + operation.get().name());
    }
    return bodyProblems(response.path("content"), contentType, body);
  }

  private static boolean isNotHttp(int status, String body) {
    return status >= 400 && status < 500 && body.contains(NOT_HTTP);
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
