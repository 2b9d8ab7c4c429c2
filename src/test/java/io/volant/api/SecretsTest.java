package io.volant.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A plugin, a VM and a deployment with secrets in them, and who gets to see these. */
class SecretsTest {

  private static final String SECRET = "s3cret";
  private static final String CLOUD_INIT =
      "{\"user_data\": {\"inline\": true, \"content\": \"#cloud-config s3cret\"}}";
  private static final Map<String, String> NAMES =
      Map.of("{name}", "web-1", "{deployment}", "site", "{plugin}", "hello", "{artifact}", "a");

  @TempDir private static Path home;
  private static RunningApi api;

  @BeforeAll
  static void start() {
    List<ApiKey> keys =
        Stream.of(Role.values()).map(role -> ApiKey.of(role.text(), role, role.text())).toList();
    api =
        RunningApi.start(
            home,
            usual -> RunningApi.with(usual, new ApiSettings.Access(keys, List.of(), List.of())));
    String manifest =
        RunningApi.manifest("hello", "1")
            .replace("\"workload\": {", "\"workload\": {\"env\": {\"OF_PLUGIN\": \"s3cret\"}, ")
            .replace("/images/hello", "http://robot:s3cret@images.example/hello")
            .replaceFirst("\\}\\s*$", ", \"cloud_init\": " + CLOUD_INIT + "}");
    String config =
        "{\"plugin\": \"hello\", \"env\": {\"OF_VM\": \"s3cret\"}, \"cloud_init\": %s, \"manifest\": %s}"
            .formatted(CLOUD_INIT, manifest);
    assertThat(post("/api/v1/plugins", manifest)).isEqualTo(201);
    assertThat(
            post(
                "/api/v1/vms?wait=healthy",
                "{\"name\": \"web-1\", \"plugin\": \"hello\", \"config\": " + config + "}"))
        .isEqualTo(201);
    assertThat(
            post(
                "/api/v1/deployments",
                "{\"name\": \"site\", \"replicas\": 1, \"config\": " + config + "}"))
        .isEqualTo(201);
  }

  @Test
  void who_fetches_from_a_url_is_left_out_of_it() {
    assertThat(
            RunningApi.json(get("/api/v1/plugins/hello", Role.VIEWER))
                .at("/initramfs/url")
                .asText())
        .isEqualTo("http://(hidden)@images.example/hello.cpio.gz");
    assertThat(get("/api/v1/plugins/hello", Role.OPERATOR).body())
        .contains("robot:s3cret@images.example");
  }

  @AfterAll
  static void stop() {
    api.close();
  }

  static Stream<String> whatViewersMayRead() throws IOException {
    return OpenApiDocument.read().operations().stream()
        .filter(operation -> operation.node().path("x-volant-role").asText().equals("viewer"))
        .map(OpenApiDocument.Operation::name)
        .filter(name -> name.startsWith("GET "))
        .map(name -> {
          String path = name.substring("GET ".length());
          for (Map.Entry<String, String> each : NAMES.entrySet()) {
            path = path.replace(each.getKey(), each.getValue());
          }
          return path.replaceAll("\\{[a-z]+}", "1");
        });
  }

  @ParameterizedTest
  @MethodSource("whatViewersMayRead")
  void nothing_that_a_viewer_may_read_has_a_secret_in_it(String path) {
    // what does not know these parameters refuses them, and is asked without
    HttpResponse<String> answer = get(path + "?follow=false&after=0", Role.VIEWER);
    if (answer.statusCode() == 400) {
      answer = get(path, Role.VIEWER);
    }
    assertThat(answer.statusCode()).isNotIn(401, 403);
    assertThat(answer.body()).doesNotContain(SECRET);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/plugins/hello",
        "/api/v1/plugins/hello/manifest",
        "/api/v1/vms/web-1/config",
        "/api/v1/vms/web-1/config/history",
        "/api/v1/deployments",
        "/api/v1/deployments/site",
        "/api/v1/deployments/site/history"
      })
  void viewers_see_which_there_are_and_operators_see_all(String path) {
    for (Role role : List.of(Role.OPERATOR, Role.ADMIN)) {
      assertThat(get(path, role).body()).contains(SECRET).doesNotContain(Secrets.HIDDEN);
    }
    JsonNode shown = RunningApi.json(get(path, Role.VIEWER));
    JsonNode first = shown.isArray() ? shown.get(0) : shown;
    JsonNode config = first.path("config");
    boolean ofPlugin = config.isMissingNode();
    JsonNode env = ofPlugin ? first.at("/workload/env") : config.path("env");
    String name = ofPlugin ? "OF_PLUGIN" : "OF_VM";
    assertThat(env.path(name).asText()).isEqualTo("(hidden)");
    JsonNode document = (ofPlugin ? first : config).at("/cloud_init/user_data");
    assertThat(document.isObject()).as(shown.toPrettyString()).isTrue();
    assertThat(document.has("content")).isFalse();
  }

  @Test
  void a_tool_of_the_model_context_protocol_shows_what_its_callers_role_may_see() {
    String before = RunningApi.json(get("/api/v1/deployments", Role.OPERATOR)).toString();
    assertThat(before).contains(SECRET);
    for (McpTool tool : McpTool.ALL) {
      if (tool.readsOnly() && tool.arguments().isEmpty()) {
        HttpResponse<String> answer =
            api.send(
                api.request("/mcp/v1")
                    .header("X-Volant-API-Key", Role.VIEWER.text())
                    .header("Content-Type", "application/json")
                    .header("Accept", "application/json, text/event-stream")
                    .POST(
                        BodyPublishers.ofString(
                            "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"tools/call\", \"params\":"
                                + " {\"name\": \"%s\", \"arguments\": {}}}"
                                    .formatted(tool.name()))));
        assertThat(answer.statusCode()).as(tool.name()).isEqualTo(200);
        assertThat(answer.body()).as(tool.name()).doesNotContain(SECRET);
      }
    }
  }

  private static int post(String path, String body) {
    return api.send(
            api.request(path)
                .header("X-Volant-API-Key", Role.ADMIN.text())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)))
        .statusCode();
  }

  private static HttpResponse<String> get(String path, Role role) {
    HttpRequest.Builder request = api.request(path).header("X-Volant-API-Key", role.text());
    return api.send(request);
  }
}
