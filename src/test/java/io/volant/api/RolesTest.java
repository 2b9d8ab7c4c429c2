package io.volant.api;

import static io.volant.api.RunningApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.volant.journal.EventFeed;
import io.volant.vm.VmEvent;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.pekko.stream.javadsl.Sink;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation of the description, called with no key, a wrong one, and one of each role. */
class RolesTest {

  private static final Map<String, String> KEYS =
      Map.of("viewer", "key-of-vera", "operator", "key-of-otto", "admin", "key-of-ada");

  @TempDir private static Path home;
  private static RunningApi api;

  @BeforeAll
  static void start() {
    List<ApiKey> keys =
        List.of(
            ApiKey.of("vera", Role.VIEWER, keyOf("viewer")),
            ApiKey.of("otto", Role.OPERATOR, keyOf("operator")),
            ApiKey.of("ada", Role.ADMIN, keyOf("admin")));
    api =
        RunningApi.start(
            home,
            usual -> RunningApi.with(usual, new ApiSettings.Access(keys, List.of(), List.of())));
  }

  @AfterAll
  static void stop() {
    api.close();
  }

  static Stream<OpenApiDocument.Operation> operations() throws IOException {
    return OpenApiDocument.read().operations().stream();
  }

  @ParameterizedTest
  @MethodSource("operations")
  void an_operation_is_for_the_role_that_it_states_and_those_above(
      OpenApiDocument.Operation operation) {
    String needed = operation.node().path("x-volant-role").asText();
    boolean open = needed.equals("none");
    assertThat(status(operation, null)).as("no key").satisfies(it -> isAllowed(it, open, 401));
    assertThat(status(operation, "wrong"))
        .as("a wrong key")
        .satisfies(it -> isAllowed(it, open, 401));
    for (Role role : Role.values()) {
      boolean enough = open || role.covers(Role.valueOf(needed.toUpperCase(java.util.Locale.ROOT)));
      assertThat(status(operation, keyOf(role.text())))
          .as("%s by %s", operation.name(), role)
          .satisfies(it -> isAllowed(it, enough, 403));
    }
  }

  private static String keyOf(String role) {
    return Objects.requireNonNull(KEYS.get(role), role);
  }

  private static void isAllowed(int status, boolean allowed, int refusal) {
    if (allowed) {
      assertThat(status).isNotIn(401, 403);
    } else {
      assertThat(status).isEqualTo(refusal);
    }
  }

  private static int status(OpenApiDocument.Operation operation, @Nullable String key) {
    String[] name = operation.name().split(" ", 2);
    String path = name[1].replaceAll("\\{[a-z]+}", "nothing") + "?follow=false";
    HttpRequest.Builder request = api.request(path).method(name[0], BodyPublishers.noBody());
    if (key != null) {
      request.header("X-Volant-API-Key", key);
    }
    return api.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  @Test
  void a_refusal_names_the_role_that_is_needed() {
    HttpResponse<String> refused =
        api.send(
            api.request("/api/v1/plugins/hello")
                .header("Authorization", "Bearer " + keyOf("operator"))
                .DELETE());
    assertThat(refused.statusCode()).isEqualTo(403);
    JsonNode problem = json(refused);
    assertThat(problem.path("code").asText()).isEqualTo("forbidden");
    assertThat(problem.path("error").asText())
        .isEqualTo("this needs the role admin; 'otto' is only operator");
  }

  @Test
  void events_say_by_whose_key_and_request_they_came_about() throws Exception {
    post("/api/v1/plugins", "admin", RunningApi.manifest("hello", "1"));
    HttpResponse<String> made =
        post("/api/v1/vms", "operator", "{\"name\":\"mine\",\"plugin\":\"hello\"}");
    assertThat(made.statusCode()).isEqualTo(201);
    VmEvent created =
        api.events()
            .after(0)
            .map(EventFeed.Entry::event)
            .filter(event -> event instanceof VmEvent.Created)
            .map(VmEvent.class::cast)
            .runWith(Sink.head(), api.host().system())
            .toCompletableFuture()
            .get(20, TimeUnit.SECONDS);
    assertThat(created.stamp().by()).isEqualTo("otto");
    assertThat(created.stamp().cause())
        .isEqualTo(made.headers().firstValue("X-Request-Id").orElseThrow());
  }

  private static HttpResponse<String> post(String path, String role, String body) {
    return api.send(
        api.request(path)
            .header("X-Volant-API-Key", keyOf(role))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body)));
  }
}
