package io.volant.api;

import static io.volant.api.RunningApi.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Model Context Protocol, and the original's commands beside it. */
class McpApiTest {

  private static final List<String> READING =
      List.of("list_vms", "inspect_vm", "vm_why", "vm_events", "vm_logs");

  @TempDir private Path home;
  private RunningApi api;

  @BeforeEach
  void start() {
    api = RunningApi.start(home);
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void a_client_is_greeted_with_the_version_that_both_speak() {
    for (String wanted : List.of("2025-06-18", "1999-01-01")) {
      JsonNode answer =
          result("initialize", "{\"protocolVersion\": \"" + wanted + "\", \"capabilities\": {}}");
      assertThat(answer.path("protocolVersion").asText()).isEqualTo("2025-06-18");
      assertThat(answer.path("capabilities").has("tools")).isTrue();
      assertThat(answer.at("/serverInfo/name").asText()).isEqualTo("volant");
    }
    HttpResponse<String> noted =
        api.post("/mcp/v1", "{\"jsonrpc\": \"2.0\", \"method\": \"notifications/initialized\"}");
    assertThat(noted.statusCode()).isEqualTo(202);
    assertThat(noted.body()).isEmpty();
    assertThat(result("ping", "{}")).isEmpty();
    assertThat(api.get("/mcp/v1").statusCode()).as("there is no stream").isEqualTo(405);
  }

  @Test
  void the_tools_that_read_answer_what_the_api_answers() {
    api.createHealthy("web-1");
    assertThat(names()).containsExactlyElementsOf(READING);
    assertThat(called("list_vms", "{\"limit\": 5}")).contains("web-1");
    for (String tool : List.of("inspect_vm", "vm_why", "vm_events")) {
      assertThat(called(tool, "{\"name\": \"web-1\"}")).as(tool).contains("web-1");
    }
    assertThat(called("vm_logs", "{\"name\": \"web-1\", \"from\": 1}"))
        .contains("line 2")
        .doesNotContain("line 0");
  }

  @Test
  void what_goes_wrong_is_told_to_the_model() {
    JsonNode unknown =
        result("tools/call", "{\"name\": \"inspect_vm\", \"arguments\": {\"name\": \"../x\"}}");
    assertThat(unknown.path("isError").asBoolean()).isTrue();
    assertThat(unknown.at("/content/0/text").asText()).contains("no VM has the name");
    JsonNode wrong = result("tools/call", "{\"name\": \"list_vms\", \"arguments\": {\"limt\": 1}}");
    assertThat(wrong.at("/content/0/text").asText()).contains("limt is not an argument");
    JsonNode missing = result("tools/call", "{\"name\": \"vm_why\"}");
    assertThat(missing.at("/content/0/text").asText()).contains("name must be text");
  }

  @Test
  void a_message_that_is_none_is_an_error_of_the_protocol() {
    assertThat(code(api.post("/mcp/v1", "{"))).isEqualTo(-32_700);
    assertThat(code(api.post("/mcp/v1", "[]"))).isEqualTo(-32_600);
    assertThat(code(message("nothing/here", "{}"))).isEqualTo(-32_601);
    assertThat(code(message("tools/call", "{\"name\": \"stop_vm\"}")))
        .as("read-only unless it is said otherwise")
        .isEqualTo(-32_602);
    HttpResponse<String> version =
        api.send(
            api.request("/mcp/v1")
                .header("MCP-Protocol-Version", "1999-01-01")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{}")));
    assertThat(version.statusCode()).isEqualTo(400);
  }

  @Test
  void tools_that_change_something_are_there_when_it_is_said_so() {
    api.close();
    api = RunningApi.start(home.resolve("b"), settings -> writing(settings, List.of()));
    api.post("/api/v1/plugins", RunningApi.manifest("hello", "1"));
    assertThat(names())
        .hasSize(READING.size() + 4)
        .contains("create_vm", "start_vm", "stop_vm", "exec_in_vm");
    assertThat(
            called("create_vm", "{\"name\": \"web-1\", \"plugin\": \"hello\", \"memory_mb\": 64}"))
        .contains("web-1");
    await()
        .atMost(RunningApi.PATIENCE)
        .until(() -> json(api.get("/api/v1/vms/web-1")).path("status").asText().equals("running"));
    assertThat(called("exec_in_vm", "{\"name\": \"web-1\", \"command\": [\"echo\", \"a b\"]}"))
        .contains("a b", "exit_code");
    JsonNode wrong =
        result(
            "tools/call",
            "{\"name\": \"exec_in_vm\", \"arguments\": {\"name\": \"web-1\", \"command\": \"ls -l\"}}");
    assertThat(wrong.toString()).contains("must be a list");
    assertThat(called("stop_vm", "{\"name\": \"web-1\"}")).contains("web-1");
  }

  @Test
  void a_key_gets_the_tools_of_its_role() {
    List<ApiKey> keys = List.of(ApiKey.of("vera", Role.VIEWER, "key-of-vera"));
    api.close();
    api = RunningApi.start(home.resolve("b"), settings -> writing(settings, keys));
    HttpResponse<String> listed = withKey("/mcp/v1", request("tools/list", "{}"));
    List<String> names = new ArrayList<>();
    json(listed).at("/result/tools").forEach(tool -> names.add(tool.path("name").asText()));
    assertThat(names).containsExactlyElementsOf(READING);
    assertThat(code(withKey("/mcp/v1", request("tools/call", "{\"name\": \"create_vm\"}"))))
        .isEqualTo(-32_602);
    assertThat(
            withKey("/mcp", "{\"command\": \"volant.vms.create\", \"params\": {\"name\": \"a\"}}")
                .statusCode())
        .isEqualTo(403);
  }

  @Test
  void the_originals_commands_are_there() {
    api.post("/api/v1/plugins", RunningApi.manifest("hello", "1"));
    JsonNode made =
        json(
            api.post(
                "/mcp",
                "{\"command\": \"volant.vms.create\","
                    + " \"params\": {\"name\": \"web-1\", \"plugin\": \"hello\"}}"));
    assertThat(made.at("/result/name").asText()).isEqualTo("web-1");
    JsonNode listed = json(api.post("/mcp", "{\"command\": \"volant.vms.list\"}"));
    assertThat(listed.at("/result/0/name").asText()).isEqualTo("web-1");
    JsonNode can = json(api.post("/mcp", "{\"command\": \"volant.system.get_capabilities\"}"));
    assertThat(can.at("/result/commands")).hasSize(3);
    HttpResponse<String> unknown = api.post("/mcp", "{\"command\": \"volant.nothing\"}");
    assertThat(unknown.statusCode()).isEqualTo(400);
    assertThat(json(unknown).path("error").asText()).contains("volant.vms.list");
    HttpResponse<String> taken =
        api.post(
            "/mcp",
            "{\"command\": \"volant.vms.create\","
                + " \"params\": {\"name\": \"web-1\", \"plugin\": \"hello\"}}");
    assertThat(taken.statusCode()).isEqualTo(409);
  }

  private static ApiSettings writing(ApiSettings settings, List<ApiKey> keys) {
    return new ApiSettings(
        settings.listen(),
        new ApiSettings.Access(keys, List.of(), List.of()),
        settings.limits(),
        settings.patience(),
        settings.identity(),
        settings.doors(),
        true);
  }

  private static String request(String method, String params) {
    return "{\"jsonrpc\": \"2.0\", \"id\": 7, \"method\": \"%s\", \"params\": %s}"
        .formatted(method, params);
  }

  private HttpResponse<String> message(String method, String params) {
    return api.post("/mcp/v1", request(method, params));
  }

  private HttpResponse<String> withKey(String path, String body) {
    return api.send(
        api.request(path)
            .header("X-Volant-API-Key", "key-of-vera")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body)));
  }

  private JsonNode result(String method, String params) {
    HttpResponse<String> answer = message(method, params);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(json(answer).path("id").asInt()).isEqualTo(7);
    assertThat(json(answer).has("result")).as(answer.body()).isTrue();
    return json(answer).path("result");
  }

  private List<String> names() {
    List<String> names = new ArrayList<>();
    result("tools/list", "{}").path("tools").forEach(tool -> names.add(tool.path("name").asText()));
    return names;
  }

  private String called(String tool, String arguments) {
    JsonNode answer =
        result("tools/call", "{\"name\": \"%s\", \"arguments\": %s}".formatted(tool, arguments));
    assertThat(answer.path("isError").asBoolean()).as(answer.toString()).isFalse();
    return answer.at("/content/0/text").asText();
  }

  private static int code(HttpResponse<String> answer) {
    return json(answer).at("/error/code").asInt();
  }
}
