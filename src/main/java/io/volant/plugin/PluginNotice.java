package io.volant.plugin;

import org.jspecify.annotations.Nullable;

/**
 * A plugin tells the host how it is: after its journal was read, and after every change.
 *
 * @param name which
 * @param plugin how it is; null: not installed
 */
public record PluginNotice(String name, @Nullable Plugin plugin) {}
