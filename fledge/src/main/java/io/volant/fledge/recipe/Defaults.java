package io.volant.fledge.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.volant.fledge.oci.ImageConfig;
import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.manifest.BootChoice;
import io.volant.manifest.Lineage;
import io.volant.manifest.ManifestReader;
import io.volant.manifest.ManifestResult;
import io.volant.manifest.PluginManifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a {@code manifest.toml} says, and what follows from it alone. Together with an image's
 * config it becomes a manifest.
 */
public final class Defaults {
  private static final String WORKLOAD = "workload";
  private static final String ENTRYPOINT = "entrypoint";

  private final String file;
  private final ObjectNode document;

  /**
   * @param file the file's name, for messages
   * @param document a manifest that may lack its entrypoint and base_url, and has no boot medium
   */
  Defaults(String file, ObjectNode document) {
    this.file = file;
    this.document = document.deepCopy();
  }

  /** The plugin's name. */
  public String name() {
    return document.path("name").asText();
  }

  /**
   * The same for a machine whose first process is the recipe's own: that is the program, when
   * nobody says otherwise.
   */
  public Defaults startedBy(FirstProcess first) {
    ObjectNode changed = document.deepCopy();
    ObjectNode workload = ManifestShape.objectAt(changed, WORKLOAD);
    if (!(first instanceof FirstProcess.Kestrel) && !workload.has(ENTRYPOINT)) {
      ArrayNode words = workload.putArray(ENTRYPOINT).add("/init");
      if (workload.remove("args") instanceof ArrayNode more) {
        words.addAll(more);
      }
    }
    return new Defaults(file, changed);
  }

  /** What is missing when there is no image that could tell. */
  public List<Mistake> missingWithoutImage() {
    List<Mistake> mistakes = new ArrayList<>();
    JsonNode workload = document.path(WORKLOAD);
    if (!workload.has(ENTRYPOINT)) {
      mistakes.add(
          missing("entrypoint is missing; add entrypoint = [\"/PROGRAM\", \"ARGUMENT\"] to"));
    }
    if (!workload.has("base_url")) {
      mistakes.add(missing("base_url is missing; add base_url = \"http://127.0.0.1:PORT\" to"));
    }
    return mistakes;
  }

  private Mistake missing(String message) {
    return new Mistake(file, 0, 0, message + " [workload]");
  }

  /**
   * The manifest.
   *
   * @param image what the image says about itself; {@link ImageConfig#NONE} when there is none
   * @param boot what was built
   * @param lineage what it was built from; the labels of {@code manifest.toml} are added
   * @throws BuildFailure when something is missing, or what the image says is not allowed
   */
  public PluginManifest manifest(ImageConfig image, BootChoice boot, Lineage lineage)
      throws BuildFailure {
    ObjectNode whole = document.deepCopy();
    ImageDefaults.add(image, whole);
    List<String> missing = missingIn(whole.path(WORKLOAD));
    if (!missing.isEmpty()) {
      throw new BuildFailure(ExitCode.RECIPE, missing);
    }
    whole.putObject("initramfs").put("url", "/to-be-built");
    return switch (new ManifestReader().read(whole)) {
      case ManifestResult.Invalid(var problems) ->
          throw new BuildFailure(
              ExitCode.RECIPE,
              problems.stream()
                  .map(problem -> problem + "; the image says so, say otherwise in manifest.toml")
                  .toList());
      case ManifestResult.Valid(var found) -> withMedium(found, boot, lineage);
    };
  }

  private static PluginManifest withMedium(PluginManifest found, BootChoice boot, Lineage lineage) {
    Map<String, String> labels = found.lineage().labels();
    return new PluginManifest(
        found.identity(),
        found.resources(),
        found.workload(),
        boot,
        found.machine(),
        found.service(),
        new Lineage(lineage.image(), lineage.imageDigest(), labels));
  }

  private static List<String> missingIn(JsonNode workload) {
    List<String> missing = new ArrayList<>();
    if (!workload.has(ENTRYPOINT)) {
      missing.add(
          "entrypoint is missing: the image has no Entrypoint and no Cmd; add entrypoint ="
              + " [\"/PROGRAM\", \"ARGUMENT\"] to [workload] in manifest.toml");
    }
    if (!workload.has("base_url")) {
      missing.add(
          "base_url is missing: the image exposes no port; add base_url = \"http://127.0.0.1:PORT\""
              + " to [workload] in manifest.toml");
    }
    return missing;
  }
}
