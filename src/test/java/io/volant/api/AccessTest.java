package io.volant.api;

import static io.volant.api.RunningApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is let in, and how calls are told apart. */
class AccessTest {

  private static final String KEY = "s3cret-key";
  private static final String UI = "https://ui.example";

  @BeforeAll
  static void allowOriginHeader() {
    System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host,connection,origin");
  }

  @TempDir private Path home;

  @Test
  void a_key_is_needed_for_all_but_the_sign_of_life() {
    try (RunningApi api =
        start(
            new ApiSettings.Access(
                List.of(ApiKey.of(ApiKey.SINGLE, Role.ADMIN, KEY)), List.of(), List.of()))) {
      assertThat(api.get("/healthz").statusCode()).isEqualTo(200);
      HttpResponse<String> none = api.get("/api/v1/vms");
      assertThat(none.statusCode()).isEqualTo(401);
      assertThat(json(none).path("code").asText()).isEqualTo("unauthorized");
      assertThat(status(api, "X-Volant-API-Key", KEY)).isEqualTo(200);
      assertThat(status(api, "Authorization", "Bearer " + KEY)).isEqualTo(200);
      assertThat(status(api, "X-Volant-API-Key", KEY + "x")).isEqualTo(401);
      assertThat(status(api, "Authorization", "Basic " + KEY)).isEqualTo(401);
      assertThat(api.get("/api/v1/vms?api_key=" + KEY).statusCode()).isEqualTo(401);
      String events = "/api/v1/events/vms?follow=false&api_key=";
      assertThat(api.get(events + KEY).statusCode()).isEqualTo(200);
      assertThat(api.get(events + "wrong").statusCode()).isEqualTo(401);
      assertThat(api.get("/nowhere").statusCode()).isEqualTo(401);
    }
  }

  @Test
  void a_key_in_the_query_is_for_streams_and_sockets_and_for_no_other_request_to_a_workload() {
    ApiSettings.Access access =
        new ApiSettings.Access(
            List.of(ApiKey.of(ApiKey.SINGLE, Role.ADMIN, KEY)), List.of(), List.of());
    try (RunningApi api = start(access)) {
      assertThat(api.get("/api/v1/events?follow=false&api_key=" + KEY).statusCode()).isEqualTo(200);
      assertThat(asStream(api, "/api/v1/vms/none/logs?api_key=" + KEY)).isEqualTo(404);
      // a workload gets to see the query
      assertThat(asStream(api, "/api/v1/vms/none/agent/x?api_key=" + KEY)).isEqualTo(401);
      assertThat(asSocket(api, "/api/v1/vms/none/exec?command=a&api_key=" + KEY)).isEqualTo(404);
      // of a WebSocket's it is taken out, see AgentSocketApiTest
      assertThat(asSocket(api, "/api/v1/vms/none/agent/x?api_key=" + KEY)).isEqualTo(404);
    }
  }

  private static int asStream(RunningApi api, String path) {
    return api.send(api.request(path).header("Accept", "text/event-stream")).statusCode();
  }

  private static int asSocket(RunningApi api, String path) {
    String request =
        """
        GET %s HTTP/1.1\r
        Host: a\r
        Connection: Upgrade\r
        Upgrade: websocket\r
        Sec-WebSocket-Version: 13\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
        \r
        """
            .formatted(path);
    return RawHttp.ask(api.port(), request.getBytes(StandardCharsets.US_ASCII)).status();
  }

  @Test
  void calls_from_other_networks_are_refused() {
    try (RunningApi api =
        start(new ApiSettings.Access(List.of(), List.of("10.0.0.0/8"), List.of()))) {
      HttpResponse<String> refused = api.get("/api/v1/vms");
      assertThat(refused.statusCode()).isEqualTo(403);
      assertThat(json(refused).path("error").asText()).contains("127.0.0.1");
    }
    try (RunningApi api =
        RunningApi.start(
            home.resolve("b"),
            usual ->
                RunningApi.with(
                    usual, new ApiSettings.Access(List.of(), List.of("127.0.0.0/8"), List.of())))) {
      assertThat(api.get("/api/v1/vms").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void only_configured_origins_may_read_and_change() {
    try (RunningApi api = start(new ApiSettings.Access(List.of(), List.of(), List.of(UI)))) {
      HttpResponse<String> ours = api.send(api.request("/api/v1/vms").header("Origin", UI));
      assertThat(ours.headers().firstValue("Access-Control-Allow-Origin")).hasValue(UI);
      assertThat(ours.headers().firstValue("Access-Control-Expose-Headers").orElse(""))
          .contains("X-Total-Count");
      HttpResponse<String> theirs =
          api.send(api.request("/api/v1/vms").header("Origin", "https://evil.example"));
      assertThat(theirs.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
      HttpResponse<String> change =
          api.send(
              api.request("/api/v1/vms/a/stop")
                  .header("Origin", "https://evil.example")
                  .POST(BodyPublishers.noBody()));
      assertThat(change.statusCode()).isEqualTo(403);
      HttpResponse<String> preflight =
          api.send(
              api.request("/api/v1/vms")
                  .header("Origin", UI)
                  .header("Access-Control-Request-Method", "POST")
                  .method("OPTIONS", BodyPublishers.noBody()));
      assertThat(preflight.statusCode()).isEqualTo(204);
      assertThat(preflight.headers().firstValue("Access-Control-Allow-Methods").orElse(""))
          .contains("PATCH");
      assertThat(preflight.headers().firstValue("Access-Control-Allow-Headers").orElse(""))
          .contains("Last-Event-ID");
    }
  }

  @Test
  void a_request_id_is_taken_over_when_it_is_harmless() {
    try (RunningApi api = start(new ApiSettings.Access(List.of(), List.of(), List.of()))) {
      assertThat(requestId(api, "call-7.a_b")).isEqualTo("call-7.a_b");
      assertThat(requestId(api, "no good")).matches("[0-9a-f]+");
      assertThat(requestId(api, "x".repeat(65))).matches("[0-9a-f]+");
      assertThat(api.get("/healthz").headers().firstValue("X-Request-Id")).isPresent();
      HttpResponse<String> problem = api.send(api.request("/x").header("X-Request-Id", "p-1"));
      assertThat(problem.headers().firstValue("X-Request-Id")).hasValue("p-1");
    }
  }

  private RunningApi start(ApiSettings.Access access) {
    return RunningApi.start(home, usual -> RunningApi.with(usual, access));
  }

  private static int status(RunningApi api, String header, String value) {
    return api.send(api.request("/api/v1/vms").header(header, value)).statusCode();
  }

  private static String requestId(RunningApi api, String asked) {
    return api.send(api.request("/healthz").header("X-Request-Id", asked))
        .headers()
        .firstValue("X-Request-Id")
        .orElse("");
  }
}
