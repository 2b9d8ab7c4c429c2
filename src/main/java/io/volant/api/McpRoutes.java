package io.volant.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * {@code /mcp/v1}: the Model Context Protocol over streamable HTTP, without sessions and without
 * streams: each message is answered in JSON. See docs/adr/0012.
 */
final class McpRoutes {

  /** Those that are spoken, the newest first; earlier ones want batches of messages. */
  private static final List<String> VERSIONS = List.of("2025-06-18");

  private static final String VERSION_HEADER = "MCP-Protocol-Version";
  private static final String INSTRUCTIONS =
      "Shows the microVMs of one host. Begin with list_vms; vm_why explains the state of one.";

  private static final int PARSE_ERROR = -32_700;
  private static final int INVALID_REQUEST = -32_600;
  private static final int METHOD_NOT_FOUND = -32_601;
  private static final int INVALID_PARAMS = -32_602;

  private final JsonBody bodies;
  private final McpTools tools;
  private final String daemonVersion;

  McpRoutes(JsonBody bodies, McpTools tools, String daemonVersion) {
    this.bodies = bodies;
    this.tools = tools;
    this.daemonVersion = daemonVersion;
  }

  List<Endpoint> endpoints() {
    return List.of(
        new Endpoint(
            HttpMethods.POST, "/mcp/v1", Role.VIEWER, true, Endpoint.Kind.READING, this::message));
  }

  private CompletionStage<HttpResponse> message(Call call) {
    Optional<String> version = Gate.header(call.request(), VERSION_HEADER);
    if (version.isPresent() && !VERSIONS.contains(version.get())) {
      throw Problem.ofField(VERSION_HEADER, "must be one of " + String.join(", ", VERSIONS))
          .asException();
    }
    return bodies
        .of(call.request())
        .thenCompose(message -> answer(message, call))
        .exceptionallyCompose(failure -> {
          boolean broken =
              ProblemMapping.root(failure) instanceof ProblemException problem
                  && problem.problem().code() == ErrorCode.INVALID_JSON;
          return broken
              ? CompletableFuture.completedFuture(
                  error(400, null, PARSE_ERROR, "the message is not JSON"))
              : CompletableFuture.failedFuture(failure);
        });
  }

  private CompletionStage<HttpResponse> answer(JsonNode message, Call call) {
    JsonNode id = message.get("id");
    boolean proper =
        message.path("jsonrpc").asText("").equals("2.0")
            && (id == null || id.isTextual() || id.isIntegralNumber());
    if (!proper) {
      return done(error(400, null, INVALID_REQUEST, "the message is not one of JSON-RPC 2.0"));
    }
    if (id == null || !message.has("method")) { // a notification, or an answer to nothing
      return done(HttpResponse.create().withStatus(202));
    }
    JsonNode params = message.path("params");
    String method = message.path("method").asText("");
    return switch (method) {
      case "initialize" -> done(initialized(id, params));
      case "ping" ->
          done(
              result(
                  id,
                  json -> {
                    json.writeStartObject();
                    json.writeEndObject();
                  }));
      case "tools/list" -> done(listed(id, call));
      case "tools/call" -> called(id, params, call);
      default -> done(error(200, id, METHOD_NOT_FOUND, "there is no method " + Text.shown(method)));
    };
  }

  private static CompletionStage<HttpResponse> done(HttpResponse response) {
    return CompletableFuture.completedFuture(response);
  }

  private HttpResponse initialized(JsonNode id, JsonNode params) {
    String wanted = params.path("protocolVersion").asText("");
    return result(
        id,
        json -> {
          json.writeStartObject();
          json.writeStringField(
              "protocolVersion", VERSIONS.contains(wanted) ? wanted : VERSIONS.getFirst());
          json.writeObjectFieldStart("capabilities");
          json.writeObjectFieldStart("tools");
          json.writeEndObject();
          json.writeEndObject();
          json.writeObjectFieldStart("serverInfo");
          json.writeStringField("name", "volant");
          json.writeStringField("version", daemonVersion);
          json.writeEndObject();
          json.writeStringField("instructions", INSTRUCTIONS);
          json.writeEndObject();
        });
  }

  private HttpResponse listed(JsonNode id, Call call) {
    return result(
        id,
        json -> {
          json.writeStartObject();
          json.writeArrayFieldStart("tools");
          for (McpTool tool : tools.of(call.principal())) {
            tool.write(json);
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  private CompletionStage<HttpResponse> called(JsonNode id, JsonNode params, Call call) {
    String name = params.path("name").asText("");
    Optional<McpTool> tool = tools.find(name, call.principal());
    if (tool.isEmpty()) {
      return done(
          error(200, id, INVALID_PARAMS, "there is no tool " + Text.shown(name) + " for this key"));
    }
    return CompletableFuture.completedFuture(tool.get())
        .thenCompose(found -> tools.run(found, params.path("arguments"), call))
        // the model is told what was wrong, so that it can do better
        .exceptionallyCompose(failure ->
            ProblemMapping.root(failure) instanceof ProblemException refused
                ? CompletableFuture.completedFuture(
                    new McpTools.Answer(
                        refused.problem().code().status(), refused.problem().error(), false))
                : CompletableFuture.failedFuture(failure))
        .thenApply(answer ->
            result(
                id,
                json -> {
                  json.writeStartObject();
                  json.writeArrayFieldStart("content");
                  json.writeStartObject();
                  json.writeStringField("type", "text");
                  json.writeStringField(
                      "text", answer.cut() ? answer.text() + "\n[cut off]" : answer.text());
                  json.writeEndObject();
                  json.writeEndArray();
                  json.writeBooleanField("isError", answer.status() >= 400);
                  json.writeEndObject();
                }));
  }

  private static HttpResponse result(JsonNode id, Answers.JsonWriting result) {
    return Answers.ok(json -> {
      json.writeStartObject();
      json.writeStringField("jsonrpc", "2.0");
      json.writeFieldName("id");
      json.writeTree(id);
      json.writeFieldName("result");
      result.to(json);
      json.writeEndObject();
    });
  }

  private static HttpResponse error(int status, @Nullable JsonNode id, int code, String message) {
    return Answers.json(
        status,
        json -> {
          json.writeStartObject();
          json.writeStringField("jsonrpc", "2.0");
          json.writeFieldName("id");
          if (id == null) {
            json.writeNull();
          } else {
            json.writeTree(id);
          }
          json.writeObjectFieldStart("error");
          json.writeNumberField("code", code);
          json.writeStringField("message", message);
          json.writeEndObject();
          json.writeEndObject();
        });
  }
}
