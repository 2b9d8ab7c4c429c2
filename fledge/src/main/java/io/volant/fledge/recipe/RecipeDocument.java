package io.volant.fledge.recipe;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A {@code fledge.toml} as it is written, after its schema has found it good. A test sees to it
 * that the schema has the same keys.
 */
record RecipeDocument(
    @JsonProperty("version") String version,
    @JsonProperty("strategy") String strategy,
    @JsonProperty("agent") @Nullable Agent agent,
    @JsonProperty("init") @Nullable Init init,
    @JsonProperty("source") @Nullable Source source,
    @JsonProperty("filesystem") @Nullable Filesystem filesystem,
    @JsonProperty("mappings") @Nullable Map<String, String> mappings) {

  /** {@code [agent]}. */
  record Agent(
      @JsonProperty("source_strategy") @Nullable String sourceStrategy,
      @JsonProperty("version") @Nullable String version,
      @JsonProperty("path") @Nullable String path,
      @JsonProperty("url") @Nullable String url,
      @JsonProperty("checksum") @Nullable String checksum) {}

  /** {@code [init]}. */
  record Init(@JsonProperty("path") @Nullable String path, @JsonProperty("none") boolean none) {}

  /** {@code [source]}. */
  record Source(
      @JsonProperty("image") @Nullable String image,
      @JsonProperty("dockerfile") @Nullable String dockerfile,
      @JsonProperty("context") @Nullable String context,
      @JsonProperty("target") @Nullable String target,
      @JsonProperty("build_args") @Nullable Map<String, String> buildArguments,
      @JsonProperty("busybox_url") @Nullable String busyboxUrl,
      @JsonProperty("busybox_sha256") @Nullable String busyboxSha256) {

    static final Source EMPTY = new Source(null, null, null, null, null, null, null);

    Map<String, String> arguments() {
      return Objects.requireNonNullElse(buildArguments, Map.of());
    }
  }

  /** {@code [filesystem]}. */
  record Filesystem(
      @JsonProperty("type") @Nullable String type,
      @JsonProperty("size_buffer_mb") @Nullable Integer sizeBufferMib,
      @JsonProperty("preallocate") @Nullable Boolean preallocate,
      @JsonProperty("compression_level") @Nullable Integer compressionLevel,
      @JsonProperty("overlay") @Nullable String overlay,
      @JsonProperty("overlay_size") @Nullable String overlaySize) {

    static final Filesystem EMPTY = new Filesystem(null, null, null, null, null, null);
  }
}
