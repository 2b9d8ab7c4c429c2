package io.volant.plugin;

import io.volant.artifact.StoredArtifact;
import io.volant.manifest.PluginManifest;
import io.volant.model.Asker;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** What others may say to a plugin's actor. */
public sealed interface PluginCommand {

  /**
   * Be this. The host has checked the manifest, and fetched the boot medium and the disks. The same
   * once more is accepted; the same version with other content needs {@code replace}.
   */
  record Install(
      PluginManifest manifest,
      StoredArtifact artifact,
      Map<String, StoredArtifact> disks,
      boolean replace,
      Asker asker,
      ActorRef<PluginReply> replyTo)
      implements PluginCommand {}

  /** Let new VMs use it, or not. */
  record SetEnabled(boolean enabled, Asker asker, ActorRef<PluginReply> replyTo)
      implements PluginCommand {}

  /** Have one more file. The host has fetched it, and looked at it. */
  record AddArtifact(PluginArtifact artifact, Asker asker, ActorRef<PluginReply> replyTo)
      implements PluginCommand {}

  /**
   * Have files that were added no more.
   *
   * @param version only those of this version; null: of any
   * @param name only the one with this name, which must be there; null: all
   */
  record RemoveArtifacts(
      @Nullable String version, @Nullable String name, Asker asker, ActorRef<PluginReply> replyTo)
      implements PluginCommand {}

  /** Be gone. The host has checked that nobody needs it. */
  record Remove(Asker asker, ActorRef<PluginReply> replyTo) implements PluginCommand {}
}
