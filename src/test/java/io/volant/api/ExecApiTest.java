package io.volant.api;

import static io.volant.api.RunningApi.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands and files over HTTP, in a guest that knows a few commands. */
class ExecApiTest {

  private static final String EXEC = "/api/v1/vms/web-1/exec";
  private static final String FILES = "/api/v1/vms/web-1/files";

  @TempDir private Path home;
  private RunningApi api;

  @BeforeEach
  void start() {
    api = RunningApi.start(home);
    api.createHealthy("web-1");
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void a_script_gets_outputs_and_code_in_one_answer() {
    JsonNode echo = json(api.post(EXEC, "{\"command\": [\"echo\", \"a b\", \"c\"]}"));
    assertThat(echo.path("exit_code").asInt(-1)).isZero();
    assertThat(echo.path("stdout").asText()).isEqualTo("a b c\n");
    assertThat(echo.path("truncated").asBoolean(true)).isFalse();
    JsonNode fail = json(api.post(EXEC, "{\"command\": [\"fail\", \"it\"]}"));
    assertThat(fail.path("exit_code").asInt()).isEqualTo(3);
    assertThat(fail.path("stderr").asText()).isEqualTo("it\n");
    JsonNode cat = json(api.post(EXEC, "{\"command\": [\"cat\"], \"stdin\": \"käse\"}"));
    assertThat(cat.path("stdout").asText()).isEqualTo("käse");
    JsonNode none = json(api.post(EXEC, "{\"command\": [\"nothing\"]}"));
    assertThat(none.path("exit_code").asInt()).isEqualTo(127);
    assertThat(none.path("stderr").asText()).contains("nothing");
  }

  @Test
  void wrong_commands_are_refused_by_their_fields() {
    assertProblem(api.post(EXEC, "{\"command\": []}"), 400, "invalid_field");
    assertProblem(api.post(EXEC, "{\"command\": [\"a\"], \"pty\": true}"), 400, "unknown_field");
    HttpResponse<String> folder =
        api.post(EXEC, "{\"command\": [\"a\"], \"workdir\": \"relative\"}");
    assertProblem(folder, 400, "invalid_field");
    assertThat(folder.body()).contains("workdir");
    assertProblem(api.get(EXEC + "?command=cat"), 426, "upgrade_required");
    assertProblem(api.get("/api/v1/vms/none/exec?command=cat"), 404, "vm_not_found");
    api.post("/api/v1/vms/web-1/stop?wait=stopped");
    assertProblem(api.post(EXEC, "{\"command\": [\"cat\"]}"), 409, "not_running");
    assertThat(refusal(EXEC + "?command=cat")).isEqualTo(409);
  }

  @Test
  void a_command_is_talked_to_over_a_websocket() {
    SocketTape tape = new SocketTape();
    WebSocket socket = open(EXEC + "?command=cat&pty=true&rows=3&columns=4", tape);
    tape.send(socket, 0, 'h', 'i');
    tape.send(socket, 2, 1, 2, 0, 9);
    tape.send(socket, 4);
    assertThat(tape.end()).isEqualTo(1000);
    assertThat(tape.messages()).containsExactly("\1hi", "\1" + "258x9\n", "\5{\"code\":0}");
  }

  @Test
  void a_signal_and_an_unknown_program_are_ends_of_their_own() {
    SocketTape killed = new SocketTape();
    killed.send(open("/ws/v1/vms/web-1/exec?command=cat", killed), 3, 15);
    killed.end();
    assertThat(killed.messages()).containsExactly("\5{\"signal\":15}");
    SocketTape unknown = new SocketTape();
    open(EXEC + "?command=nothing", unknown);
    unknown.end();
    assertThat(unknown.messages()).last().isEqualTo("\5{\"code\":127}");
  }

  @Test
  void a_message_that_means_nothing_ends_the_command_with_an_error() {
    for (List<Integer> message : List.of(List.of(9), List.of(2, 0, 0, 0, 1), List.of(3, 99))) {
      SocketTape tape = new SocketTape();
      WebSocket socket = open(EXEC + "?command=cat", tape);
      tape.send(socket, message.stream().mapToInt(it -> it).toArray());
      tape.end();
      assertThat(tape.messages()).singleElement().asString().startsWith("\5{\"error\":");
    }
  }

  @Test
  void a_daemon_that_stops_ends_the_command() {
    SocketTape tape = new SocketTape();
    WebSocket socket = open(EXEC + "?command=cat", tape);
    tape.send(socket, 0, 'x');
    await().until(() -> !tape.messages().isEmpty());
    api.stopServing();
    tape.end();
  }

  @Test
  void pages_of_other_origins_open_no_socket() {
    assertThatThrownBy(() ->
            HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .header("Origin", "http://evil.example")
                .buildAsync(SocketTape.uri(api, EXEC + "?command=cat"), new SocketTape())
                .join())
        .cause()
        .isInstanceOfSatisfying(
            WebSocketHandshakeException.class,
            refused -> assertThat(refused.getResponse().statusCode()).isEqualTo(403));
  }

  @Test
  void the_key_of_a_websocket_may_stand_in_the_query() {
    api.close();
    api =
        RunningApi.start(
            home.resolve("b"),
            settings ->
                RunningApi.with(
                    settings,
                    new ApiSettings.Access(
                        List.of(ApiKey.of(ApiKey.SINGLE, Role.ADMIN, "secret")),
                        List.of(),
                        List.of())));
    assertThat(refusal(EXEC + "?command=cat")).isEqualTo(401);
    assertThat(refusal(EXEC + "?command=cat&api_key=secret")).isEqualTo(404);
  }

  @Test
  void log_lines_come_over_a_websocket_and_as_events() {
    SocketTape tape = new SocketTape();
    open("/ws/v1/vms/web-1/logs?from=1", tape);
    tape.end();
    assertThat(tape.messages()).hasSize(2);
    assertThat(tape.messages().getFirst())
        .contains("\"name\":\"web-1\"", "\"stream\":\"stdout\"", "\"line\":\"line 1\"");
    String events =
        api.send(
                api.request("/api/v1/vms/web-1/logs")
                    .header("Accept", "text/event-stream")
                    .header("Last-Event-ID", "1"))
            .body();
    assertThat(events).startsWith("id: 2\nevent: VM_LOG\ndata: {\"name\":\"web-1\"");
  }

  @Test
  void a_tunnel_is_a_websocket_of_bytes() throws Exception {
    try (java.net.ServerSocket server =
        new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      api.workloadPort = server.getLocalPort();
      SocketTape tape = new SocketTape();
      WebSocket socket = open("/api/v1/vms/web-1/tunnel/5432", tape);
      tape.send(socket, 'h', 'i');
      try (java.net.Socket connection = server.accept()) {
        assertThat(connection.getInputStream().readNBytes(2)).asString().isEqualTo("hi");
        connection.getOutputStream().write('x');
        connection.getOutputStream().flush();
        await().until(() -> tape.messages().equals(List.of("x")));
      }
      assertThat(tape.end()).isEqualTo(1000);
    }
    assertThat(refusal("/api/v1/vms/web-1/tunnel/0")).isEqualTo(400);
  }

  @Test
  void a_tunnel_whose_client_has_said_all_still_gets_the_answer() throws Exception {
    try (java.net.ServerSocket server =
        new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      api.workloadPort = server.getLocalPort();
      SocketTape tape = new SocketTape();
      WebSocket socket = open("/api/v1/vms/web-1/tunnel/5432", tape);
      tape.send(socket, 'h', 'i');
      tape.send(socket);
      tape.send(socket, 'x'); // after the end
      try (java.net.Socket connection = server.accept()) {
        connection.setSoTimeout(20_000);
        assertThat(connection.getInputStream().readAllBytes()).asString().isEqualTo("hi");
        connection.getOutputStream().write("answer".getBytes(StandardCharsets.UTF_8));
      }
      assertThat(tape.end()).isEqualTo(1000);
      assertThat(String.join("", tape.messages())).isEqualTo("answer");
    }
  }

  @Test
  void a_client_that_leaves_after_it_has_said_all_ends_the_tunnel() throws Exception {
    try (java.net.ServerSocket server =
        new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      api.workloadPort = server.getLocalPort();
      SocketTape tape = new SocketTape();
      WebSocket socket = open("/api/v1/vms/web-1/tunnel/5432", tape);
      tape.send(socket);
      try (java.net.Socket connection = server.accept()) {
        connection.setSoTimeout(20_000);
        assertThat(connection.getInputStream().read()).isEqualTo(-1);
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
        assertThat(tape.end()).isEqualTo(1000);
        await()
            .until(() -> {
              try {
                connection.getOutputStream().write(new byte[1 << 16]);
                return false;
              } catch (IOException gone) {
                return true;
              }
            });
      }
    }
  }

  @Test
  void an_archive_goes_in_and_comes_out() {
    byte[] archive = new byte[3 << 20];
    new java.util.SplittableRandom(1).nextBytes(archive);
    assertThat(put("?path=/srv/a%20b&mkdir=1", archive).statusCode()).isEqualTo(204);
    HttpResponse<byte[]> back =
        api.send(api.request(FILES + "?path=/srv/a%20b"), HttpResponse.BodyHandlers.ofByteArray());
    assertThat(back.headers().firstValue("Content-Type")).contains("application/x-tar");
    assertThat(back.body()).isEqualTo(archive);
  }

  @Test
  void files_are_refused_with_a_reason() {
    assertProblem(api.get(FILES + "?path=/none"), 404, "path_not_found");
    assertProblem(api.get(FILES), 400, "invalid_field");
    assertProblem(api.get(FILES + "?path=relative"), 400, "invalid_field");
    assertProblem(api.get(FILES + "?path=/a/../b"), 400, "invalid_field");
    assertProblem(put("?path=/none", new byte[512]), 404, "path_not_found");
    HttpResponse<String> json =
        api.send(
            api.request(FILES + "?path=/srv")
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString("{}")));
    assertProblem(json, 415, "unsupported_media_type");
  }

  @Test
  void a_large_archive_that_is_refused_gets_its_answer() {
    assertProblem(put("?path=/none", new byte[20 << 20]), 404, "path_not_found");
  }

  private HttpResponse<String> put(String query, byte[] archive) {
    return api.send(
        api.request(FILES + query)
            .header("Content-Type", "application/x-tar")
            .PUT(HttpRequest.BodyPublishers.ofByteArray(archive)));
  }

  private WebSocket open(String path, SocketTape tape) {
    return tape.open(api, path);
  }

  /** The status that a socket is refused with. */
  private int refusal(String path) {
    return SocketTape.refusal(api, path).statusCode();
  }

  private static void assertProblem(HttpResponse<String> answer, int status, String code) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(json(answer).path("code").asText())
        .as(new String(answer.body().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
        .isEqualTo(code);
  }
}
