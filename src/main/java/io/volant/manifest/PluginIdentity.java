package io.volant.manifest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * The fields that say which plugin this is. They stand at the top of the document.
 *
 * @param schema the {@code $schema} link that editors use; never fetched
 * @param schemaVersion {@code 1.0} or {@code v1}
 * @param name 1 to 64 of {@code a-z 0-9 . _ -}, unique on a host
 * @param version 1 to 64 characters, compared as text only
 * @param runtime as written; {@link PluginManifest#runtime()} falls back to the name
 * @param enabled as written; {@link PluginManifest#enabled()} takes absent as true
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PluginIdentity(
    @JsonProperty("$schema") @Nullable String schema,
    @JsonProperty("schema_version") @Nullable String schemaVersion,
    @JsonProperty("name") String name,
    @JsonProperty("version") String version,
    @JsonProperty("runtime") @Nullable String runtime,
    @JsonProperty("enabled") @Nullable Boolean enabled) {}
