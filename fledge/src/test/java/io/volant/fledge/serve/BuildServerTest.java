package io.volant.fledge.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.volant.fledge.Bench;
import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Builds over real HTTP. */
class BuildServerTest {
  private static final String ANY_PORT = "127.0.0.1:0";

  @TempDir private Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private Bench bench;
  private BuildServer server;

  @BeforeEach
  void serve() throws Exception {
    bench = new Bench(folder);
    server = start(ServeSettings.of(ANY_PORT, null, Set.of("http://page:1"), 1));
  }

  @AfterEach
  void stop() {
    server.close();
    client.close();
  }

  @Test
  void it_says_that_it_is_there() throws Exception {
    HttpResponse<String> answer = get("/v1/healthz");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{\"status\":\"ok\"}\n");
  }

  @Test
  void a_build_answers_with_its_output() throws Exception {
    HttpResponse<String> answer = build(body());
    assertThat(answer.statusCode()).isEqualTo(200);
    Path image = bench.out.resolve("hello.cpio.gz");
    assertThat(json(answer).path("output").asText()).isEqualTo(image.toString());
    assertThat(json(answer).path("manifest").asText()).endsWith("hello.manifest.json");
    assertThat(json(answer).path("size_bytes").asLong()).isEqualTo(Files.size(image));
  }

  @Test
  void a_build_is_told_while_it_runs() throws Exception {
    HttpResponse<String> answer =
        send(request("/v1/build").header("Accept", "text/event-stream"), body());
    assertThat(answer.headers().firstValue("Content-Type")).contains("text/event-stream");
    List<String> names = answer.body().lines().filter(line -> line.startsWith("event: ")).toList();
    assertThat(names).startsWith("event: step").endsWith("event: result");
    assertThat(names).contains("event: detail", "event: progress");
    assertThat(answer.body()).contains("data: {\"title\":\"lay out folders\"}\n\n");
  }

  @Test
  void a_failed_build_is_told_as_such_in_both_ways() throws Exception {
    bench.write("recipe/fledge.toml", Bench.RECIPE + "colour = 3\n");
    HttpResponse<String> answer = build(body());
    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(json(answer).path("code").asText()).isEqualTo("recipe");
    assertThat(json(answer).path("error").asText()).endsWith(":7:1: colour must be a string");
    assertThat(json(answer).path("details")).hasSize(1);
    HttpResponse<String> events =
        send(request("/v1/build").header("Accept", "text/event-stream"), body());
    assertThat(events.statusCode()).isEqualTo(200);
    assertThat(events.body()).startsWith("event: error\ndata: {\"error\":");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | 400 | config_path is missing",
        "{\"config_path\": \"x\"} | 400 | output_path is missing",
        "{\"config_path\": \"x\", \"path\": 1} | 400 | unknown field path; known: config_path,"
            + " output_path",
        "[1] | 400 | the body must be an object",
        "null | 400 | the body must be an object",
        "{\"config_path\": \"\\u0000\", \"output_path\": \"/x\"} | 400 | config_path is not a path",
        "{ | 400 | the body must be an object",
      })
  void a_wrong_body_is_refused(String body, int status, String error) throws Exception {
    HttpResponse<String> answer = build(body);
    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(json(answer).path("error").asText()).startsWith(error);
    assertThat(json(answer).path("code").asText()).isEqualTo("usage");
    assertThat(json(answer).path("details").isArray()).isTrue();
  }

  @Test
  void a_body_that_is_too_large_or_no_json_is_refused() throws Exception {
    assertThat(build(" ".repeat(70_000)).statusCode()).isEqualTo(413);
    HttpRequest.Builder text =
        HttpRequest.newBuilder(url("/v1/build")).header("Content-Type", "text/plain");
    assertThat(send(text, body()).statusCode()).isEqualTo(415);
  }

  @Test
  void other_paths_and_methods_are_refused() throws Exception {
    assertThat(get("/").statusCode()).isEqualTo(404);
    HttpResponse<String> answer = get("/v1/build");
    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("Allow")).contains("POST, OPTIONS");
  }

  @Test
  void only_named_web_pages_may_call() throws Exception {
    HttpResponse<String> stranger =
        send(request("/v1/build").header("Origin", "http://evil"), body());
    assertThat(stranger.statusCode()).isEqualTo(403);
    assertThat(bench.out).doesNotExist();
    HttpRequest preflight =
        HttpRequest.newBuilder(url("/v1/build"))
            .header("Origin", "http://page:1")
            .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
            .build();
    HttpResponse<String> allowed = client.send(preflight, BodyHandlers.ofString());
    assertThat(allowed.statusCode()).isEqualTo(204);
    assertThat(allowed.headers().firstValue("Access-Control-Allow-Origin"))
        .contains("http://page:1");
    HttpResponse<String> page =
        send(request("/v1/build").header("Origin", "http://page:1"), body());
    assertThat(page.statusCode()).isEqualTo(200);
  }

  @Test
  void with_a_key_only_who_knows_it_builds() throws Exception {
    server.close();
    server = start(ServeSettings.of(ANY_PORT, "secret", Set.of(), 1));
    assertThat(get("/v1/healthz").statusCode()).isEqualTo(200);
    HttpResponse<String> without = build(body());
    assertThat(without.statusCode()).isEqualTo(401);
    assertThat(json(without).path("code").asText()).isEqualTo("unauthorized");
    assertThat(send(request("/v1/build").header("X-Volant-API-Key", "wrong"), body()).statusCode())
        .isEqualTo(401);
    assertThat(send(request("/v1/build").header("X-Volant-API-Key", "secret"), body()).statusCode())
        .isEqualTo(200);
    assertThat(
            send(request("/v1/build").header("Authorization", "Bearer secret"), body())
                .statusCode())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0.0.0.0:7070 | can be reached by other machines, and so needs --api-key",
        "[::]:7070 | can be reached by other machines",
        "127.0.0.1 | must be HOST:PORT",
        "127.0.0.1:99999 | must be HOST:PORT",
        ":7070 | must be HOST:PORT",
        "no-such-host.invalid:1 | names a host that is not known",
      })
  void a_wrong_or_open_address_is_refused(String address, String message) {
    assertThatExceptionOfType(BuildFailure.class)
        .isThrownBy(() -> ServeSettings.of(address, "", Set.of(), 1))
        .withMessageContaining(message)
        .matches(failure -> failure.code() == ExitCode.USAGE);
  }

  @Test
  void with_a_key_every_address_will_do() throws Exception {
    assertThat(ServeSettings.of("0.0.0.0:0", "k", Set.of(), 1).apiKey()).isEqualTo("k");
    assertThat(ServeSettings.of("[::1]:0", null, Set.of(), 1).apiKey()).isNull();
  }

  @Test
  void more_builds_than_may_run_are_refused_and_a_client_that_goes_away_stops_its_build()
      throws Exception {
    Path pipe = waitForever();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.address().getPort())) {
      OutputStream out = socket.getOutputStream();
      String body = body();
      out.write(
          ("POST /v1/build HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                  + "Content-Length: "
                  + body.length()
                  + "\r\n\r\n"
                  + body)
              .getBytes(StandardCharsets.UTF_8));
      out.flush();
      await().until(() -> hasChild("buildah"));
      HttpResponse<String> second = build(body());
      assertThat(second.statusCode()).isEqualTo(503);
      assertThat(second.headers().firstValue("Retry-After")).isPresent();
      assertThat(json(second).path("code").asText()).isEqualTo("busy");
    }
    await().until(() -> !hasChild("buildah"));
    await().untilAsserted(() -> assertThat(scratchFolders()).isEmpty());
    assertThat(bench.out).doesNotExist();
    Files.delete(pipe);
    bench.write("recipe/fledge.toml", Bench.RECIPE);
    await().untilAsserted(() -> assertThat(build(body()).statusCode()).isEqualTo(200));
  }

  /** A recipe whose Dockerfile is built by something that never ends. */
  private Path waitForever() throws IOException {
    bench.write("bin/buildah", "#!/bin/sh\nexec sleep 1000\n");
    Path program = folder.resolve("bin/buildah");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    bench.write("recipe/Dockerfile", "FROM scratch\n");
    bench.write(
        "recipe/fledge.toml",
        "version = '1'\nstrategy = 'oci_rootfs'\n[source]\ndockerfile = 'Dockerfile'\n");
    server.close();
    try {
      server =
          BuildServer.start(
              ServeSettings.of(ANY_PORT, null, Set.of(), 1),
              bench.workbenchWith(List.of(folder.resolve("bin"), Path.of("/bin"))));
    } catch (BuildFailure failure) {
      throw new AssertionError(failure);
    }
    return program;
  }

  private boolean hasChild(String program) {
    return ProcessHandle.current()
        .descendants()
        .anyMatch(child ->
            child.info().commandLine().orElse("").contains("sleep 1000")
                || child.info().command().orElse("").endsWith(program));
  }

  private List<Path> scratchFolders() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> String.valueOf(file.getFileName()).startsWith("fledge-"))
          .toList();
    }
  }

  private BuildServer start(ServeSettings settings) throws BuildFailure {
    return BuildServer.start(settings, bench.workbench());
  }

  private String body() {
    return "{\"config_path\": \""
        + folder.resolve("recipe/fledge.toml")
        + "\", \"output_path\": \""
        + bench.out
        + "\"}";
  }

  private HttpResponse<String> get(String path) throws Exception {
    return client.send(HttpRequest.newBuilder(url(path)).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> build(String body) throws Exception {
    return send(request("/v1/build"), body);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(url(path)).header("Content-Type", "application/json");
  }

  private HttpResponse<String> send(HttpRequest.Builder request, String body) throws Exception {
    return client.send(
        request.POST(HttpRequest.BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
  }

  private URI url(String path) {
    return URI.create("http://127.0.0.1:" + server.address().getPort() + path);
  }

  private static JsonNode json(HttpResponse<String> answer) throws IOException {
    return new ObjectMapper().readTree(answer.body());
  }
}
