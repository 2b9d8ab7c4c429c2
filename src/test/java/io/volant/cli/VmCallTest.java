package io.volant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VmCallTest {

  private static final String DESCRIPTION =
      """
      {"openapi": "3.1.0", "paths": {
        "/items/{id}": {"parameters": [],
          "get": {"operationId": "getItem", "summary": "Shows an item"},
          "patch": {"operationId": "changeItem"}},
        "/v1/ping": {"get": {}}}}
      """;

  private ScriptedApi api;
  @TempDir private Path folder;

  @BeforeEach
  void open() throws IOException {
    api = new ScriptedApi();
    api.on("GET /api/v1/vms/web-1/openapi", 200, DESCRIPTION);
  }

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void operations_are_a_table() throws IOException {
    Golden.matches("vms-operations.txt", VolarRun.of(api, "vms", "operations", "web-1").out());
  }

  @Test
  void parameters_go_into_the_path_or_the_query() {
    api.on("GET /api/v1/vms/web-1/agent/items/a%2Fb?deep=x%20y", 200, "{\"n\": 1}");
    VolarRun run =
        VolarRun.of(
            api, "vms", "call", "web-1", "getItem", "--query", "id=a/b", "--query", "deep=x y");
    assertThat(run).isEqualTo(new VolarRun(0, "{\"n\": 1}\n", ""));
    assertThat(
            VolarRun.of(
                    api,
                    "vms",
                    "call",
                    "web-1",
                    "getItem",
                    "-o",
                    "json",
                    "--query",
                    "id=a/b",
                    "--query",
                    "deep=x y")
                .out())
        .isEqualTo("{\n  \"n\" : 1\n}\n");
  }

  @Test
  void a_body_is_sent_with_any_method() throws IOException {
    Path body = Files.writeString(folder.resolve("b.json"), "{\"a\": 2}");
    api.on("PATCH /api/v1/vms/web-1/agent/items/7", 200, "");
    VolarRun run =
        VolarRun.of(
            api,
            "vms",
            "call",
            "web-1",
            "changeItem",
            "--query",
            "id=7",
            "--body-file",
            body.toString());
    assertThat(run).isEqualTo(new VolarRun(0, "", ""));
    assertThat(api.requests().getLast().body()).isEqualTo("{\"a\": 2}");
    assertThat(api.requests().getLast().headers())
        .containsEntry("content-type", "application/json");
  }

  @Test
  void a_path_that_begins_with_a_version_keeps_it() {
    api.on("GET /api/v1/vms/web-1/agent/v1/v1/ping", 200, "\"pong\"");
    assertThat(VolarRun.of(api, "vms", "call", "web-1", "GET /v1/ping").out())
        .isEqualTo("\"pong\"\n");
  }

  @Test
  void what_is_missing_is_one_line() {
    VolarRun unknown = VolarRun.of(api, "vms", "call", "web-1", "nothing");
    assertThat(unknown.exitCode()).isEqualTo(ExitCode.NOT_FOUND.number());
    assertThat(unknown.err()).hasLineCount(1).contains("volar vms operations web-1");
    VolarRun noId = VolarRun.of(api, "vms", "call", "web-1", "getItem");
    assertThat(noId.exitCode()).isEqualTo(ExitCode.USAGE.number());
    assertThat(noId.err()).hasLineCount(1).contains("--query id=");
    api.on("GET /api/v1/vms/web-1/agent/items/7", 418, "{\"error\": \"a teapot\"}");
    VolarRun refused = VolarRun.of(api, "vms", "call", "web-1", "getItem", "--query", "id=7");
    assertThat(refused.exitCode()).isEqualTo(ExitCode.INVALID.number());
    assertThat(refused.err()).contains("a teapot");
  }
}
