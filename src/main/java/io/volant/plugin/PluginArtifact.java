package io.volant.plugin;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.volant.artifact.DiskFormat;
import io.volant.artifact.StoredArtifact;
import org.jspecify.annotations.Nullable;

/**
 * A file of a plugin that is in the store.
 *
 * @param version the plugin's version that it belongs to
 * @param name unique in that version
 * @param kind {@code initramfs}, {@code rootfs}, {@code disk}, or what was said when it was added
 * @param url where it came from
 * @param format as which image its header was looked at; null: it was not
 * @param stored where the store has it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PluginArtifact(
    String version,
    String name,
    String kind,
    String url,
    @Nullable DiskFormat format,
    StoredArtifact stored) {

  /** Whether it is the one with this name in this version. */
  public boolean is(String otherVersion, String otherName) {
    return version.equals(otherVersion) && name.equals(otherName);
  }
}
