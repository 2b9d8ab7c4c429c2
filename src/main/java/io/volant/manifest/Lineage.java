package io.volant.manifest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
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

  /** Copies the map; absent becomes empty. */
  public Lineage {
    labels = Frozen.map(labels);
  }
}
