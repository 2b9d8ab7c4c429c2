package io.volant.plugin;

import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * The plugins as they are now, for reading at the HTTP edge. Written by the host as the plugins'
 * actors tell it; the journal is the truth.
 */
public final class PluginDirectory {

  private final ConcurrentSkipListMap<String, Plugin> byName = new ConcurrentSkipListMap<>();

  /** The plugin with this name, if it is installed. */
  public Optional<Plugin> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** All plugins, by name. */
  public Collection<Plugin> all() {
    return byName.values();
  }

  /** Takes note of how a plugin is. */
  public void note(PluginNotice notice) {
    Plugin plugin = notice.plugin();
    if (plugin == null) {
      byName.remove(notice.name());
    } else {
      byName.put(notice.name(), plugin);
    }
  }
}
