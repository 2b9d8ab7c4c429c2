package io.volant.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.volant.api.OpenApiDocument.Operation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * {@code schemas/openapi.yaml} is sound in itself. That the daemon does what it says is for other
 * tests.
 */
class OpenApiDocumentTest {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{([a-z]+)}");

  private OpenApiDocument document;

  @BeforeEach
  void read() throws IOException {
    document = OpenApiDocument.read();
  }

  @Test
  void every_reference_leads_somewhere() {
    List<String> broken = new ArrayList<>();
    document.walk(
        document.root(),
        "",
        (place, node) -> {
          if (node.has("$ref") && document.target(node.path("$ref").asText()).isMissingNode()) {
            broken.add(place + " → " + node.path("$ref").asText());
          }
        });
    assertThat(broken).isEmpty();
  }

  @Test
  void every_component_is_used() {
    List<String> used = new ArrayList<>();
    document.walk(document.root(), "", (_, node) -> used.add(node.path("$ref").asText("")));

    List<String> declared = new ArrayList<>();
    for (String kind : List.of("parameters", "headers", "responses", "schemas", "examples")) {
      document
          .root()
          .path("components")
          .path(kind)
          .fieldNames()
          .forEachRemaining(name -> declared.add("#/components/" + kind + "/" + name));
    }
    // These describe what stands inside a stream of text.
    declared.removeAll(
        List.of(
            "#/components/schemas/LogLine",
            "#/components/schemas/VmEvent",
            "#/components/schemas/AnyEvent"));
    assertThat(used).containsAll(declared);
  }

  @Test
  void every_operation_has_an_id_of_its_own_and_a_summary() {
    List<String> ids =
        document.operations().stream().map(o -> o.node().path("operationId").asText("")).toList();

    assertThat(ids).hasSizeGreaterThan(20).doesNotContain("").doesNotHaveDuplicates();
    assertThat(document.operations())
        .allSatisfy(o -> assertThat(o.node().path("summary").asText("")).as(o.name()).isNotEmpty());
  }

  @Test
  void every_operation_tells_its_errors() {
    for (Operation operation : document.operations()) {
      JsonNode responses = operation.node().path("responses");
      assertThat(responses.has("default")).as(operation.name() + " default").isTrue();
      // Only the health check is open without a key.
      assertThat(responses.has("401"))
          .as(operation.name() + " 401")
          .isEqualTo(!operation.path().equals("/healthz"));
      assertThat(responses.has("404"))
          .as(operation.name() + " 404")
          .isEqualTo(
              operation.path().contains("{")
                  || operation.name().equals("POST /api/v1/vms")
                  || operation.name().equals("POST /api/v1/deployments"));
      // A body can be wrong, too large, or of the wrong type; what is passed on is the workload's
      // own affair, and archives have no limit.
      boolean passedOn = operation.path().matches(".*/(agent|actions)/.*|.*/files");
      if (operation.node().has("requestBody") && !passedOn) {
        assertThat(responses.has("400") && responses.has("413") && responses.has("415"))
            .as(operation.name())
            .isTrue();
      }
      responses
          .properties()
          .forEach(r -> errorHasTheCommonShape(operation, r.getKey(), r.getValue()));
    }
  }

  private void errorHasTheCommonShape(Operation operation, String status, JsonNode response) {
    if (!status.startsWith("2")
        && !status.equals("101")
        && !isOfAnotherProtocol(operation, status)) {
      JsonNode schema = document.resolved(response).at("/content/application~1json/schema/$ref");
      assertThat(schema.asText(""))
          .as(operation.name() + " " + status)
          .isEqualTo("#/components/schemas/Error");
    }
  }

  private static boolean isOfAnotherProtocol(Operation operation, String status) {
    return operation.path().equals("/mcp/v1") && status.equals("400");
  }

  @Test
  void every_placeholder_of_a_path_is_described() {
    for (Operation operation : document.operations()) {
      TreeSet<String> inPath = new TreeSet<>();
      Matcher matcher = PLACEHOLDER.matcher(operation.path());
      while (matcher.find()) {
        inPath.add(matcher.group(1));
      }
      TreeSet<String> described = new TreeSet<>();
      for (JsonNode parameter : operation.pathItem().path("parameters")) {
        described.add(document.resolved(parameter).path("name").asText());
      }
      assertThat(described).as(operation.name()).isEqualTo(inPath);
    }
  }

  @Test
  void every_body_has_examples_and_they_fit_their_schemas() {
    List<String> problems = new ArrayList<>();
    document.walk(
        document.root(),
        "",
        (place, node) -> {
          if (place.endsWith("/content") && !place.endsWith("/properties/content")) {
            node.properties()
                .forEach(media -> problems.addAll(bodyProblems(place, media.getValue())));
          }
        });
    assertThat(problems).isEmpty();
  }

  private List<String> bodyProblems(String place, JsonNode media) {
    List<String> problems = new ArrayList<>();
    List<JsonNode> examples = new ArrayList<>();
    if (media.has("example")) {
      examples.add(media.path("example"));
    }
    media
        .path("examples")
        .forEach(example -> examples.add(document.resolved(example).path("value")));
    if (examples.isEmpty()) {
      problems.add(place + " has no example");
    }
    for (JsonNode example : examples) {
      document
          .problems(media.path("schema"), example)
          .forEach(problem -> problems.add(place + ": " + problem));
    }
    return problems;
  }

  @Test
  void examples_of_parameters_and_headers_fit_their_schemas() {
    List<String> problems = new ArrayList<>();
    document.walk(
        document.root(),
        "",
        (place, node) -> {
          boolean hasSchema = node.path("schema").isObject() && !place.contains("/content/");
          if (hasSchema) {
            JsonNode example = node.path("example");
            (example.isMissingNode()
                    ? List.of("no example")
                    : document.problems(node.path("schema"), example))
                .forEach(problem -> problems.add(place + ": " + problem));
          }
        });
    assertThat(problems).isEmpty();
  }

  @Test
  void examples_inside_schemas_fit_them() {
    List<String> problems = new ArrayList<>();
    document
        .root()
        .at("/components/schemas")
        .properties()
        .forEach(schema ->
            schema
                .getValue()
                .path("examples")
                .forEach(e -> problems.addAll(document.problems(schema.getValue(), e))));
    assertThat(problems).isEmpty();
    assertThat(document.root().at("/components/schemas/VmEvent/examples")).isNotEmpty();
    assertThat(document.root().at("/components/schemas/LogLine/examples")).isNotEmpty();
  }

  @Test
  void every_schema_is_a_schema() {
    Schema meta =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));

    for (Map.Entry<String, JsonNode> schema :
        document.root().at("/components/schemas").properties()) {
      assertThat(meta.validate(schema.getValue())).as(schema.getKey()).isEmpty();
    }
  }

  @Test
  void every_error_code_stands_in_one_row_of_the_table_and_comes_with_its_status() {
    JsonNode codes = document.root().at("/components/schemas/ErrorCode");
    Map<String, String> statusOfCode = new HashMap<>();
    Matcher row =
        Pattern.compile("\\| (\\d{3}) \\|([^|]*)\\|").matcher(codes.path("description").asText());
    while (row.find()) {
      for (String code : row.group(2).replace('`', ' ').strip().split(" +", -1)) {
        assertThat(statusOfCode.put(code, row.group(1))).as(code).isNull();
      }
    }
    List<String> declared = new ArrayList<>();
    codes.path("enum").forEach(code -> declared.add(code.asText()));
    assertThat(statusOfCode.keySet()).containsExactlyInAnyOrderElementsOf(declared);

    for (Operation operation : document.operations()) {
      operation.node().path("responses").properties().stream()
          .filter(
              response -> response.getKey().startsWith("4") || response.getKey().startsWith("5"))
          .filter(response -> !isOfAnotherProtocol(operation, response.getKey()))
          .forEach(response ->
              assertThat(codesIn(document.resolved(response.getValue())))
                  .as(operation.name())
                  .isNotEmpty()
                  .allSatisfy(
                      code -> assertThat(statusOfCode).containsEntry(code, response.getKey())));
    }
  }

  private List<String> codesIn(JsonNode response) {
    JsonNode media = response.at("/content/application~1json");
    List<String> codes = new ArrayList<>();
    if (media.has("example")) {
      codes.add(media.path("example").path("code").asText());
    }
    media
        .path("examples")
        .forEach(e -> codes.add(document.resolved(e).path("value").path("code").asText()));
    return codes;
  }
}
