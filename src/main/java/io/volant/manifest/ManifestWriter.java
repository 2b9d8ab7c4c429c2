package io.volant.manifest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;

/**
 * Writes a manifest as the JSON that {@link ManifestReader} reads. The same manifest gives the same
 * bytes.
 */
public final class ManifestWriter {
  private ManifestWriter() {}

  /** The manifest as indented UTF-8 text with a final new line. */
  public static byte[] bytes(PluginManifest manifest) {
    try {
      return (ManifestJson.MAPPER.writeValueAsString(manifest) + "\n")
          .getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("a manifest could not be written", impossible);
    }
  }

  /** The manifest as a JSON tree. */
  public static JsonNode tree(PluginManifest manifest) {
    return ManifestJson.MAPPER.valueToTree(manifest);
  }
}
