package io.volant.plugin;

import java.util.List;

/** The state of a plugin's actor: nothing, or a {@link Plugin}. Pure: changes only by events. */
public sealed interface PluginState permits PluginState.Absent, Plugin {

  /** The state after {@code event}; an event that does not fit is a bug and throws. */
  PluginState on(PluginEvent event);

  /** Not installed. */
  record Absent() implements PluginState {
    @Override
    public PluginState on(PluginEvent event) {
      if (event instanceof PluginEvent.Installed installed) {
        return Plugin.installed(installed, List.of());
      }
      throw new IllegalStateException(event.type() + " before plugin.installed");
    }
  }
}
