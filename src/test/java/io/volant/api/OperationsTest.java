package io.volant.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The description and the daemon have the same operations and the same error codes. */
class OperationsTest {

  @TempDir private Path home;

  @Test
  void every_operation_has_an_endpoint_and_the_other_way_round() throws IOException {
    try (RunningApi api = RunningApi.start(home)) {
      ApiWiring wiring = api.wiring();
      JsonBody bodies = new JsonBody(wiring.system(), 1);
      Stream<String> endpoints =
          endpoints(wiring, bodies).stream()
              .map(endpoint -> endpoint.method().value() + " " + endpoint.template());
      assertThat(endpoints)
          .containsExactlyInAnyOrderElementsOf(
              OpenApiDocument.read().operations().stream()
                  .map(OpenApiDocument.Operation::name)
                  .toList());
    }
  }

  @Test
  void every_operation_states_the_role_that_the_endpoint_needs() throws IOException {
    try (RunningApi api = RunningApi.start(home)) {
      ApiWiring wiring = api.wiring();
      JsonBody bodies = new JsonBody(wiring.system(), 1);
      Map<String, String> needed = new HashMap<>();
      for (Endpoint endpoint : endpoints(wiring, bodies)) {
        String role = endpoint.role() == null ? "none" : endpoint.role().text();
        needed.put(endpoint.method().value() + " " + endpoint.template(), role);
      }
      for (OpenApiDocument.Operation operation : OpenApiDocument.read().operations()) {
        assertThat(operation.node().path("x-volant-role").asText("not stated"))
            .as(operation.name())
            .isEqualTo(needed.get(operation.name()));
      }
    }
  }

  private static List<Endpoint> endpoints(ApiWiring wiring, JsonBody bodies) {
    return wiring.endpoints(
        new Gate(wiring.settings().access()),
        bodies,
        new LongChanges(bodies, Duration.ofSeconds(1), Clock.systemUTC()),
        LogFanout.start(wiring.system(), wiring.parts(), 0));
  }

  @Test
  void every_error_code_is_described_and_the_other_way_round() throws IOException {
    Iterable<com.fasterxml.jackson.databind.JsonNode> described =
        OpenApiDocument.read().target("#/components/schemas/ErrorCode").path("enum");
    assertThat(described)
        .extracting(code -> code.asText())
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(ErrorCode.values()).map(ErrorCode::text).toList());
  }
}
