package io.volant.plugin;

/** What a plugin answers. */
public sealed interface PluginReply {

  /** Done: the plugin as it is now. */
  record Accepted(Plugin plugin) implements PluginReply {}

  /** It is gone. */
  record Removed(String name) implements PluginReply {}

  /** Not done, and nothing has changed. */
  record Refused(Reason reason, String message) implements PluginReply {}

  /** Why not. */
  enum Reason {
    NOT_FOUND,
    /** This version is installed with other content. */
    EXISTS,
    /** VMs use it. */
    IN_USE,
    ARTIFACT_NOT_FOUND,
    /** It has another file with this name, or as many as it may have. */
    ARTIFACT_EXISTS,
    ARTIFACT_UNAVAILABLE,
    CHECKSUM_MISMATCH,
    /** An image of it is not one that this host attaches. */
    INVALID
  }
}
