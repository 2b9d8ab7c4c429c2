package io.volant.plugin;

import io.volant.artifact.StoredArtifact;
import io.volant.manifest.PluginManifest;
import java.time.Instant;

/**
 * An installed plugin: the fold of its events.
 *
 * @param manifest as installed
 * @param artifact its boot medium in the store
 * @param enabled whether new VMs may use it
 * @param installedAt when this version came
 */
public record Plugin(
    PluginManifest manifest, StoredArtifact artifact, boolean enabled, Instant installedAt)
    implements PluginState {

  static Plugin installed(PluginEvent.Installed event) {
    return new Plugin(
        event.manifest(), event.artifact(), event.manifest().enabled(), event.stamp().at());
  }

  public String name() {
    return manifest.name();
  }

  @Override
  public PluginState on(PluginEvent event) {
    return switch (event) {
      case PluginEvent.Installed installed -> installed(installed);
      case PluginEvent.Enabled _ -> new Plugin(manifest, artifact, true, installedAt);
      case PluginEvent.Disabled _ -> new Plugin(manifest, artifact, false, installedAt);
      case PluginEvent.Removed _ -> new Absent();
    };
  }
}
