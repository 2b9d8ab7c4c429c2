package io.volant.plugin;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import io.volant.artifact.StoredArtifact;
import io.volant.journal.JournalEvent;
import io.volant.manifest.PluginManifest;
import io.volant.model.Stamp;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** What has happened to a plugin. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(PluginEvent.Installed.class),
  @JsonSubTypes.Type(PluginEvent.Enabled.class),
  @JsonSubTypes.Type(PluginEvent.Disabled.class),
  @JsonSubTypes.Type(PluginEvent.Removed.class),
  @JsonSubTypes.Type(PluginEvent.ArtifactAdded.class),
  @JsonSubTypes.Type(PluginEvent.ArtifactRemoved.class),
})
public sealed interface PluginEvent extends JournalEvent {

  /** It is this one from now on; its boot medium and the images of its disks are in the store. */
  @JsonTypeName("plugin.installed")
  record Installed(
      Stamp stamp,
      PluginManifest manifest,
      StoredArtifact artifact,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, StoredArtifact> disks)
      implements PluginEvent {
    public Installed {
      disks =
          Collections.unmodifiableSortedMap( // stored in one order
              new TreeMap<>(Objects.requireNonNullElse(disks, Map.of())));
    }
  }

  /** New VMs may use it. */
  @JsonTypeName("plugin.enabled")
  record Enabled(Stamp stamp) implements PluginEvent {}

  /** No new VM may use it; those that there are go on. */
  @JsonTypeName("plugin.disabled")
  record Disabled(Stamp stamp) implements PluginEvent {}

  /** It is gone; the same name can be installed again. */
  @JsonTypeName("plugin.removed")
  record Removed(Stamp stamp) implements PluginEvent {}

  /** It has one more file, which is in the store. */
  @JsonTypeName("plugin.artifact_added")
  record ArtifactAdded(Stamp stamp, PluginArtifact artifact) implements PluginEvent {}

  /** A file that was added does not belong to it any more. */
  @JsonTypeName("plugin.artifact_removed")
  record ArtifactRemoved(Stamp stamp, String version, String name) implements PluginEvent {}
}
