package io.volant.plugin;

import io.volant.artifact.StoredArtifact;
import io.volant.manifest.PluginManifest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * An installed plugin: the fold of its events.
 *
 * @param manifest as installed
 * @param artifact its boot medium in the store
 * @param disks the images of its further disks there, by name; one that an older version installed
 *     has none
 * @param enabled whether new VMs may use it
 * @param installedAt when this version came
 * @param added further files of it in the store, of any version
 */
public record Plugin(
    PluginManifest manifest,
    StoredArtifact artifact,
    Map<String, StoredArtifact> disks,
    boolean enabled,
    Instant installedAt,
    List<PluginArtifact> added)
    implements PluginState {

  public Plugin {
    disks = Map.copyOf(disks);
    added = List.copyOf(added);
  }

  /** A plugin without further files. */
  public Plugin(
      PluginManifest manifest,
      StoredArtifact artifact,
      Map<String, StoredArtifact> disks,
      boolean enabled,
      Instant installedAt) {
    this(manifest, artifact, disks, enabled, installedAt, List.of());
  }

  static Plugin installed(PluginEvent.Installed event, List<PluginArtifact> added) {
    return new Plugin(
        event.manifest(),
        event.artifact(),
        event.disks(),
        event.manifest().enabled(),
        event.stamp().at(),
        added);
  }

  /** All its files in the store: those that its manifest names, and those that were added. */
  public List<PluginArtifact> artifacts() {
    return Stream.concat(OwnArtifacts.of(this).stream(), added.stream()).toList();
  }

  private Plugin with(boolean nowEnabled) {
    return new Plugin(manifest, artifact, disks, nowEnabled, installedAt, added);
  }

  private Plugin with(List<PluginArtifact> nowAdded) {
    return new Plugin(manifest, artifact, disks, enabled, installedAt, nowAdded);
  }

  public String name() {
    return manifest.name();
  }

  @Override
  public PluginState on(PluginEvent event) {
    return switch (event) {
      case PluginEvent.Installed installed -> installed(installed, added);
      case PluginEvent.Enabled _ -> with(true);
      case PluginEvent.Disabled _ -> with(false);
      case PluginEvent.ArtifactAdded(_, var artifactAdded) ->
          with(Stream.concat(added.stream(), Stream.of(artifactAdded)).toList());
      case PluginEvent.ArtifactRemoved(_, var version, var gone) ->
          with(added.stream().filter(each -> !each.is(version, gone)).toList());
      case PluginEvent.Removed _ -> new Absent();
    };
  }
}
