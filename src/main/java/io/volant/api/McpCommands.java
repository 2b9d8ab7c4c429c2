package io.volant.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpResponse;

/** {@code /mcp}: the commands that the original has there, each an operation of the API. */
final class McpCommands {

  private static final String LIST = "volant.vms.list";
  private static final String CREATE = "volant.vms.create";
  private static final String CAPABILITIES = "volant.system.get_capabilities";
  private static final List<String> ALL = List.of(LIST, CREATE, CAPABILITIES);
  private static final String VMS = "/api/v1/vms";
  private static final int LISTED_MAX = 200;

  private final JsonBody bodies;
  private final McpTools tools;
  private final String daemonVersion;

  McpCommands(JsonBody bodies, McpTools tools, String daemonVersion) {
    this.bodies = bodies;
    this.tools = tools;
    this.daemonVersion = daemonVersion;
  }

  List<Endpoint> endpoints() {
    return List.of(
        new Endpoint(HttpMethods.POST, "/mcp", Role.VIEWER, true, Endpoint.Kind.CHANGE, this::run));
  }

  private CompletionStage<HttpResponse> run(Call call) {
    return bodies
        .of(call.request())
        .thenCompose(body -> {
          JsonNode params = body.path("params");
          return switch (body.path("command").asText("")) {
            case LIST ->
                tools
                    .run(HttpMethods.GET, VMS + "?limit=" + LISTED_MAX, null, call)
                    .thenApply(McpCommands::shown);
            case CREATE ->
                tools.run(HttpMethods.POST, VMS, params, call).thenApply(McpCommands::shown);
            case CAPABILITIES -> CompletableFuture.completedFuture(capabilities());
            default ->
                throw Problem.ofField("command", "must be one of " + String.join(", ", ALL))
                    .asException();
          };
        });
  }

  private HttpResponse capabilities() {
    return Answers.ok(json -> {
      json.writeStartObject();
      json.writeObjectFieldStart("result");
      json.writeStringField("version", daemonVersion);
      json.writeArrayFieldStart("commands");
      for (String command : ALL) {
        json.writeString(command);
      }
      json.writeEndArray();
      json.writeStringField("mcp", "/mcp/v1");
      json.writeEndObject();
      json.writeEndObject();
    });
  }

  /** An error of the API has the field {@code error} already. */
  private static HttpResponse shown(McpTools.Answer answer) {
    if (answer.cut()) {
      throw Problem.of(
              ErrorCode.OVERLOADED, "the answer is too large for /mcp; use " + VMS + " instead")
          .asException();
    }
    JsonNode tree = tree(answer.text());
    return answer.status() >= 400
        ? Answers.json(answer.status(), json -> json.writeTree(tree))
        : Answers.ok(json -> {
          json.writeStartObject();
          json.writeFieldName("result");
          json.writeTree(tree);
          json.writeEndObject();
        });
  }

  private static JsonNode tree(String text) {
    try {
      return JsonBody.MAPPER.readTree(text);
    } catch (JsonProcessingException impossible) { // it is our own answer
      throw new CompletionException(impossible);
    }
  }
}
