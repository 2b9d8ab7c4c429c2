package io.volant.manifest;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;

/**
 * Reads a plugin manifest: first as JSON, then against {@code schemas/plugin-manifest-v1.json},
 * then against the rules that a schema cannot say. Whatever the input, the answer is a {@link
 * ManifestResult} and never an exception. Safe for use by several threads.
 */
public final class ManifestReader {
  private static final String SCHEMA_RESOURCE = "/schemas/plugin-manifest-v1.json";
  private static final int PROBLEMS_MAX = 50;

  private final Schema schema;

  /** Loads the schema from the class path. One reader is enough for a program. */
  public ManifestReader() {
    this.schema = loadSchema();
  }

  /** Reads a document of at most 1 MiB of UTF-8 JSON. */
  public ManifestResult read(byte[] document) {
    if (document.length > ManifestJson.BYTES_MAX) {
      return refused(
          "must be at most " + ManifestJson.BYTES_MAX + " bytes, was " + document.length);
    }
    try {
      JsonNode tree = ManifestJson.MAPPER.readTree(document);
      return tree.isMissingNode() ? refused("must be a JSON object, was empty") : read(tree);
    } catch (JsonProcessingException broken) {
      JsonLocation at = broken.getLocation();
      String where =
          at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
      return refused("is not valid JSON" + where + ": " + Shown.text(broken.getOriginalMessage()));
    } catch (IOException broken) {
      return refused("cannot be read: " + Shown.text(String.valueOf(broken.getMessage())));
    }
  }

  /** Reads a document that has been parsed already. */
  public ManifestResult read(JsonNode document) {
    if (!document.isObject()) {
      return refused("must be a JSON object, was " + Shown.value(document));
    }
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(document.toString())) {
      return refused("must be text that UTF-8 can hold; half of a surrogate pair is not");
    }
    List<ManifestProblem> broken = SchemaProblems.in(schema, document, "a manifest");
    if (!broken.isEmpty()) {
      return invalid(broken);
    }
    try {
      PluginManifest manifest = ManifestJson.MAPPER.treeToValue(document, PluginManifest.class);
      List<ManifestProblem> problems = ManifestRules.brokenBy(manifest);
      return problems.isEmpty() ? new ManifestResult.Valid(manifest) : invalid(problems);
    } catch (JsonProcessingException | IllegalArgumentException mismatch) {
      // The schema lets through only what the records can hold, so this is a bug in one of the two.
      // Even then a
      // manifest must not bring the daemon down.
      return refused("cannot be read: " + Shown.text(String.valueOf(mismatch.getMessage())));
    }
  }

  private static ManifestResult refused(String message) {
    return invalid(List.of(new ManifestProblem(ManifestProblem.DOCUMENT, message)));
  }

  private static ManifestResult invalid(List<ManifestProblem> problems) {
    return new ManifestResult.Invalid(
        problems.stream()
            .distinct()
            .sorted(Comparator.comparing(ManifestProblem::field))
            .limit(PROBLEMS_MAX)
            .toList());
  }

  private static Schema loadSchema() {
    try (InputStream source = ManifestReader.class.getResourceAsStream(SCHEMA_RESOURCE)) {
      if (source == null) {
        throw new IllegalStateException(
            SCHEMA_RESOURCE + " is not on the class path; the build copies it there from schemas/");
      }
      return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(source, InputFormat.JSON);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
