package io.volant.manifest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the artifact came from. All optional.
 *
 * @param image the container image that it was built from
 * @param imageDigest that image's digest
 * @param labels free text by name; see {@link PluginManifest#allLabels()}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Lineage(
    @JsonProperty("image") @Nullable String image,
    @JsonProperty("image_digest") @Nullable String imageDigest,
    @JsonProperty("labels") @JsonInclude(JsonInclude.Include.NON_EMPTY)
        Map<String, String> labels) {

  /** An artifact of unknown origin. */
  public static final Lineage NONE = new Lineage(null, null, Map.of());

  /** Labels that every plugin has, whatever its document says of them. */
  static final String PLUGIN_LABEL = "volant.plugin";

  static final String RUNTIME_LABEL = "volant.runtime";

  /**
   * Copies the map; absent becomes empty. The labels that are always set are left out, so that a
   * manifest which the API has shown is the same as the one that was installed.
   */
  public Lineage {
    labels = Frozen.map(labels);
    if (labels.containsKey(PLUGIN_LABEL) || labels.containsKey(RUNTIME_LABEL)) {
      Map<String, String> own = new LinkedHashMap<>(labels);
      own.remove(PLUGIN_LABEL);
      own.remove(RUNTIME_LABEL);
      labels = Frozen.map(own);
    }
  }
}
