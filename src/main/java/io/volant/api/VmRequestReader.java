package io.volant.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.volant.host.Removals;
import io.volant.host.VmRequest;
import io.volant.manifest.CloudInit;
import io.volant.manifest.ManifestProblem;
import io.volant.manifest.ManifestReader;
import io.volant.manifest.ManifestResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Reads the body of a request for a new VM. */
final class VmRequestReader {

  /** Fields of {@code config} whose shape is known, and which would be silently without effect. */
  private static final List<String> NOT_BUILT = List.of("devices", "expose", "volumes");

  /** Fields that a change merges within. */
  private static final List<String> MERGED = List.of("api", "cloud_init");

  private final ApiDocument document;
  private final ManifestReader manifests;

  VmRequestReader(ApiDocument document, ManifestReader manifests) {
    this.document = document;
    this.manifests = manifests;
  }

  /** The request, or a {@link ProblemException} that names every wrong field. */
  VmRequest read(JsonNode body) {
    document.check("CreateVm", body);
    checkConfig(body.path("config"));
    return value(body, VmRequest.class);
  }

  /**
   * A change of a VM's config, in which null takes a field away; or a {@link ProblemException} that
   * names every wrong field.
   */
  VmRequest.Change readChange(JsonNode body) {
    JsonNode given = body.deepCopy();
    Set<String> removed = new TreeSet<>();
    takeNulls("", given, removed);
    MERGED.forEach(field -> takeNulls(field + ".", given.path(field), removed));
    document.check("VmConfig", given);
    ApiDocument.check(problems("", given));
    return new VmRequest.Change(value(given, VmRequest.Config.class), removed);
  }

  /** Moves what is null, and can be taken away, from the fields to the removed. */
  private void takeNulls(String prefix, JsonNode fields, Set<String> removed) {
    if (!(fields instanceof ObjectNode object)) {
      return;
    }
    JsonNode known = document.tree().at("/components/schemas/VmConfig/properties");
    List<ManifestProblem> problems = new ArrayList<>();
    List<String> taken = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      String name = prefix + field.getKey();
      if (field.getValue().isNull() && Removals.POSSIBLE.contains(name)) {
        taken.add(field.getKey());
        removed.add(name);
      } else if (field.getValue().isNull() && known.has(name)) {
        problems.add(new ManifestProblem(name, "cannot be removed; every VM has one"));
      }
    }
    ApiDocument.check(problems);
    object.remove(taken);
  }

  private static <T> T value(JsonNode body, Class<T> type) {
    try {
      return JsonBody.MAPPER.treeToValue(body, type);
    } catch (JsonProcessingException | IllegalArgumentException mismatch) {
      // The schema lets through only what the records hold, so one of the two has a mistake.
      throw Problem.ofField("body", "cannot be read: " + Text.shown(mismatch.getMessage()))
          .asException();
    }
  }

  /**
   * Throws a {@link ProblemException} for a config that has what cannot be had, or not together.
   */
  void checkConfig(JsonNode config) {
    ApiDocument.check(problems("config.", config));
  }

  private List<ManifestProblem> problems(String prefix, JsonNode config) {
    List<ManifestProblem> problems = new ArrayList<>();
    for (String field : NOT_BUILT) {
      if (!config.path(field).isEmpty()) {
        problems.add(new ManifestProblem(prefix + field, "is not built yet; leave it away"));
      }
    }
    if (config.has("initramfs") && config.has("rootfs")) {
      problems.add(
          new ManifestProblem(prefix + "rootfs", "must not stand beside " + prefix + "initramfs"));
    }
    if (config.has("manifest")) {
      switch (manifests.read(config.get("manifest"))) {
        case ManifestResult.Valid(var manifest) -> {
          CloudInit cloudInit = manifest.cloudInit();
          if (cloudInit != null) {
            problems.addAll(cloudInit.notInline(prefix + "manifest.cloud_init"));
          }
        }
        case ManifestResult.Invalid(var found) ->
            found.forEach(problem ->
                problems.add(
                    new ManifestProblem(
                        prefix + "manifest." + problem.field(), problem.message())));
      }
    }
    return problems;
  }
}
