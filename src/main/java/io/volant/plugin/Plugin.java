package io.volant.plugin;

import io.volant.artifact.StoredArtifact;
import io.volant.manifest.PluginManifest;
import java.time.Instant;
import java.util.Map;

/**
 * An installed plugin: the fold of its events.
 *
 * @param manifest as installed
 * @param artifact its boot medium in the store
 * @param disks the images of its further disks there, by name; one that an older version installed
 *     has none
 * @param enabled whether new VMs may use it
 * @param installedAt when this version came
 */
public record Plugin(
    PluginManifest manifest,
    StoredArtifact artifact,
    Map<String, StoredArtifact> disks,
    boolean enabled,
    Instant installedAt)
    implements PluginState {

  public Plugin {
    disks = Map.copyOf(disks);
  }

  static Plugin installed(PluginEvent.Installed event) {
    return new Plugin(
        event.manifest(),
        event.artifact(),
        event.disks(),
        event.manifest().enabled(),
        event.stamp().at());
  }

  public String name() {
    return manifest.name();
  }

  @Override
  public PluginState on(PluginEvent event) {
    return switch (event) {
      case PluginEvent.Installed installed -> installed(installed);
      case PluginEvent.Enabled _ -> new Plugin(manifest, artifact, disks, true, installedAt);
      case PluginEvent.Disabled _ -> new Plugin(manifest, artifact, disks, false, installedAt);
      case PluginEvent.Removed _ -> new Absent();
    };
  }
}
