package io.volant.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.volant.api.Recording.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Clients of the original system find here what they know. */
class ContractTest {

  @TempDir private Path home;

  static Stream<Recording> recordings() {
    return Recording.all().stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("names")
  void a_recorded_client_gets_what_it_expects(String name) throws IOException {
    Recording recording =
        recordings().filter(each -> each.name().equals(name)).findFirst().orElseThrow();
    try (Replay replay = new Replay(recording, home, OpenApiDocument.read())) {
      replay.run();
    }
  }

  static Stream<String> names() {
    return recordings().map(Recording::name);
  }

  @Test
  void every_row_of_the_contract_has_a_recording_with_all_its_statuses() {
    List<Recording> all = Recording.all();
    List<Step> steps = all.stream().flatMap(each -> each.steps().stream()).toList();
    List<String> missing = new ArrayList<>();
    TreeSet<String> rows = new TreeSet<>();
    for (JsonNode row : Recording.table("rows.yaml").path("rows")) {
      String name = row.path("row").asText();
      rows.add(name);
      if (all.stream().noneMatch(each -> each.row().equals(name))) {
        missing.add(name + " has no recording");
      }
      for (JsonNode status : row.path("statuses")) {
        if (steps.stream().noneMatch(step -> isOf(row, step) && step.status() == status.asInt())) {
          missing.add(name + " has no step with " + status);
        }
      }
    }
    assertThat(missing).isEmpty();
    assertThat(all).allSatisfy(each -> assertThat(rows).as(each.name()).contains(each.row()));
  }

  private static boolean isOf(JsonNode row, Step step) {
    String at = row.path("at").asText(row.path("row").asText());
    return step.status() > 0
        && OpenApiAnswers.template(at.replaceFirst("^ANY ", "[A-Z]+ "))
            .matcher(step.place())
            .matches();
  }

  @Test
  void rows_that_are_not_served_yet_are_named_and_those_that_are_have_left_that_list()
      throws IOException {
    OpenApiAnswers described = new OpenApiAnswers(OpenApiDocument.read());
    JsonNode absent = Recording.table("rows.yaml").path("absent");
    assertThat(absent).isNotEmpty();
    for (JsonNode row : absent) {
      String[] call = row.path("row").asText().split(" ", 2);
      assertThat(described.operation(call[0], call[1].replaceAll("\\{[a-z]+}", "x")))
          .as("%s is served now: give it a recording and move it to `rows`", row.path("row"))
          .isEmpty();
    }
  }
}
