package io.volant.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What an existing client sends and expects, one row of the original's contract. The form of the
 * files is described in {@code src/test/resources/contract/README.md}.
 *
 * @param row the row that it belongs to
 * @param daemon how the daemon is set up: {@code keys}, {@code cidrs}, {@code origins}
 * @param given names of steps in {@code given.yaml} that come first
 */
record Recording(String name, String row, JsonNode daemon, List<String> given, List<Step> steps) {

  static final Path FOLDER = Path.of("src/test/resources/contract");
  private static final ObjectMapper YAML = new YAMLMapper();
  private static final List<String> TABLES = List.of("rows.yaml", "given.yaml", "shapes.yaml");

  /**
   * One thing that happens.
   *
   * @param kind such as {@code send}; {@code subject} is what stands behind it
   */
  record Step(String kind, String subject, JsonNode node) {
    private static final List<String> KINDS =
        List.of("send", "open", "hear", "socket", "kill", "workload");

    static Step of(JsonNode node) {
      String kind =
          KINDS.stream()
              .filter(node::has)
              .findFirst()
              .orElseThrow(() -> new IllegalArgumentException("no step: " + node));
      return new Step(kind, node.path(kind).asText(), node);
    }

    /** The status that is expected; 0 where there is none. */
    int status() {
      return switch (kind) {
        case "send" -> node.at("/answer/status").asInt();
        case "open" -> node.at("/answer/status").asInt(200);
        case "socket" -> node.at("/answer/status").asInt(101);
        default -> 0;
      };
    }

    /** Method and path without a query, of what is asked over HTTP. */
    String place() {
      String call = kind.equals("send") ? subject : "GET " + subject;
      return call.replaceFirst("\\?.*", "");
    }
  }

  /** All recordings, by name. */
  static List<Recording> all() {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .filter(file -> file.toString().endsWith(".yaml"))
          .filter(file -> !TABLES.contains(file.getFileName().toString()))
          .sorted()
          .map(Recording::read)
          .toList();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** A file beside the recordings. */
  static JsonNode table(String name) {
    try {
      return YAML.readTree(FOLDER.resolve(name).toFile());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  static List<Step> steps(JsonNode list) {
    List<Step> steps = new ArrayList<>();
    list.forEach(step -> steps.add(Step.of(step)));
    return steps;
  }

  private static Recording read(Path file) {
    String name = file.getFileName().toString();
    JsonNode tree = table(name);
    List<String> given = new ArrayList<>();
    tree.path("given").forEach(each -> given.add(each.asText()));
    return new Recording(
        name.replace(".yaml", ""),
        tree.path("row").asText(),
        tree.path("daemon"),
        given,
        steps(tree.path("steps")));
  }
}
