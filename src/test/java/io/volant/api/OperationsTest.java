package io.volant.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
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
          wiring.endpoints(new Gate(wiring.settings().access()), bodies).stream()
              .map(endpoint -> endpoint.method().value() + " " + endpoint.template());
      assertThat(endpoints)
          .containsExactlyInAnyOrderElementsOf(
              OpenApiDocument.read().operations().stream()
                  .map(OpenApiDocument.Operation::name)
                  .toList());
    }
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
