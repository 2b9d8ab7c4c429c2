package io.volant.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever a client sends, the fault is the client's and the daemon says so. Here are cases by
 * hand; {@link ApiFuzzTest} looks for more.
 */
class MalformedRequestTest {

  private static final String LONG_NAME = "n".repeat(300);

  @TempDir private static Path home;
  private static RunningApi api;

  @BeforeAll
  static void start() {
    api = RunningApi.start(home);
    api.createHealthy("web-1");
  }

  @AfterAll
  static void stop() {
    assertThat(api.get("/healthz").statusCode()).isEqualTo(200);
    api.close();
  }

  static List<String> badBodies() {
    return List.of(
        "{",
        "nonsense",
        "[]",
        "null",
        "\"text\"",
        "{} {}",
        "{\"name\":\"a\",\"name\":\"b\",\"plugin\":\"hello\"}",
        "{\"name\":null,\"plugin\":\"hello\"}",
        "{\"name\":1,\"plugin\":\"hello\"}",
        "{\"name\":\"a b\",\"plugin\":\"hello\"}",
        "{\"name\":\"a/b\",\"plugin\":\"hello\"}",
        "{\"name\":\"a\\u0000\",\"plugin\":\"hello\"}",
        "{\"name\":\"" + LONG_NAME + "\",\"plugin\":\"hello\"}",
        "{\"name\":\"a\",\"plugin\":\"\"}",
        "{\"name\":\"a\",\"plugin\":\"hello\",\"memory_mb\":1e999}",
        "{\"name\":\"a\",\"plugin\":\"hello\",\"memory_mb\":99999999999999999999}",
        "{\"name\":\"a\",\"plugin\":\"hello\",\"memory_mb\":4294967297}",
        "{\"name\":\"a\",\"plugin\":\"hello\",\"memory_mb\":-1}",
        "{\"name\":\"a\",\"plugin\":\"hello\",\"memory_mb\":1.5}",
        "{\"name\":\"a\",\"plugin\":\"hello\",\"kernel_cmdline\":\"\\ud800\"}",
        "{\"name\":\"a\",\"plugin\":\"hello\",\"api_port\":\"99999\"}",
        "{\"name\":\"a\",\"plugin\":\"hello\",\"config\":[]}",
        "{\"name\":\"a\",\"plugin\":\"hello\",\"config\":{\"manifest\":{}}}",
        "{\"name\":\"a\",\"plugin\":\"hello\",\"config\":{\"env\":{\"A\":1}}}",
        "{\"name\":\"a\",\"plugin\":\"hello\",\"config\":{\"initramfs\":{\"url\":\"x\",\"checksum\":\"y\"}}}",
        "[".repeat(10_000));
  }

  @ParameterizedTest
  @MethodSource("badBodies")
  void a_wrong_body_is_a_bad_request(String body) {
    assertThat(api.post("/api/v1/vms", body).statusCode()).isEqualTo(400);
    assertThat(api.post("/api/v1/plugins", body).statusCode()).isEqualTo(400);
    assertThat(api.post("/api/v1/plugins/hello/enabled", body).statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /, 404",
    "GET, /api/v1/vmss, 404",
    "GET, /api/v1/vms/, 404",
    "GET, /api/v1/vms/none, 404",
    "GET, /api/v1/vms/a%2Fb, 404",
    "GET, /api/v1/vms/a%00b, 404",
    "GET, /api/v1/vms/%FF, 404",
    "GET, /api/v1/vms/none/agent/x, 404",
    "GET, /api/v1/plugins/none, 404",
    "DELETE, /api/v1/plugins/none, 404",
    "PUT, /api/v1/vms, 405",
    "DELETE, /healthz, 405",
    "TRACE, /api/v1/vms, 405",
    "FOO, /api/v1/vms, 405",
    "GET, /api/v1/vms?limit=x, 400",
    "GET, /api/v1/vms?limit=0, 400",
    "GET, /api/v1/vms?limit=10001, 400",
    "GET, /api/v1/vms?offset=-1, 400",
    "GET, /api/v1/vms?offset=99999999999999999999, 400",
    "GET, /api/v1/vms?sort=size, 400",
    "GET, /api/v1/vms?order=up, 400",
    "GET, /api/v1/vms?status=asleep, 400",
    "POST, /api/v1/vms/web-1/start?wait=ever, 400",
    "POST, /api/v1/vms/web-1/start?wait=running&timeout=301, 400",
    "POST, /api/v1/vms/web-1/stop?wait=running, 400",
    "GET, /api/v1/vms/web-1/logs?from=-1, 400",
    "GET, /api/v1/vms/web-1/logs?follow=maybe, 400",
    "DELETE, /api/v1/plugins/hello?force=1, 400",
    "GET, /api/v1/events/vms?types=some, 400",
    "GET, /api/v1/vms?q=%zz, 400",
    "GET, /api/v1/vms/%zz, 400",
    "GET, no-slash, 404",
  })
  void a_wrong_call_is_told_apart(String method, String target, int status) {
    String answer =
        raw(method + " " + target + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    assertThat(answer).startsWith("HTTP/1.1 " + status + " ").contains("\"code\":");
  }

  @Test
  void names_of_300_characters_are_not_found() {
    assertThat(api.get("/api/v1/vms/" + LONG_NAME).statusCode()).isEqualTo(404);
    assertThat(api.post("/api/v1/vms/" + LONG_NAME + "/start").statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "application/jsonx"})
  void a_body_of_another_kind_is_told_so(String type) {
    for (String path : List.of("/api/v1/vms", "/api/v1/plugins", "/api/v1/plugins/hello/enabled")) {
      assertThat(post(path, "Content-Type: " + type + "\r\n", "{}")).startsWith("HTTP/1.1 415 ");
    }
  }

  @Test
  void a_body_without_a_kind_is_told_so_and_none_at_all_too() {
    assertThat(post("/api/v1/vms", "", "{}")).startsWith("HTTP/1.1 415 ");
    assertThat(post("/api/v1/vms", "Content-Type: application/json\r\n", ""))
        .startsWith("HTTP/1.1 400 ");
  }

  @Test
  void a_body_that_is_too_large_is_told_so() {
    String large = "{\"name\":\"" + "x".repeat(2 << 20) + "\"}";
    for (String path : List.of("/api/v1/vms", "/api/v1/plugins", "/api/v1/plugins/hello/enabled")) {
      assertThat(statusOf(path, large)).as(path).isEqualTo(413);
    }
  }

  /**
   * The daemon hangs up on what it does not want, and that can overtake its answer (RFC 9112, 9.6).
   */
  private static int statusOf(String path, String body) {
    for (int lost = 0; ; lost++) {
      try {
        return api.post(path, body).statusCode();
      } catch (UncheckedIOException overtaken) {
        if (lost == 2) {
          throw overtaken;
        }
      }
    }
  }

  @Test
  void what_is_not_http_is_answered_in_our_form() {
    assertThat(raw("nonsense\r\n\r\n")).startsWith("HTTP/1.1 400 ").contains("\"code\":");
    assertThat(raw("GET /healthz HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n"))
        .startsWith("HTTP/1.1 400 ")
        .contains("has no name");
    assertThat(raw("GET / HTTP/9.9\r\nHost: a\r\n\r\n")).startsWith("HTTP/1.1 4");
    assertThat(raw("GET /" + "x".repeat(9_000) + " HTTP/1.1\r\nHost: a\r\n\r\n"))
        .startsWith("HTTP/1.1 4");
    assertThat(raw("GET / HTTP/1.1\r\nHost: a\r\nX: " + "x".repeat(20_000) + "\r\n\r\n"))
        .startsWith("HTTP/1.1 4");
  }

  private static String post(String path, String headers, String body) {
    return raw(
        "POST "
            + path
            + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
            + headers
            + "Content-Length: "
            + body.length()
            + "\r\n\r\n"
            + body);
  }

  /** Sends bytes, then nothing more, and gives what comes back. */
  private static String raw(String request) {
    RawHttp.Answer answer = RawHttp.ask(api.port(), request.getBytes(StandardCharsets.ISO_8859_1));
    return answer.head() + answer.body();
  }
}
