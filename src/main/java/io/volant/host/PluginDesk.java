package io.volant.host;

import io.volant.artifact.ArtifactStore;
import io.volant.artifact.StoredArtifact;
import io.volant.plugin.PluginCommand;
import io.volant.plugin.PluginReply;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.pekko.actor.typed.ActorRef;

/** Passes on what is wanted of an installed plugin, where the host has nothing against it. */
final class PluginDesk {

  private static final int NAMES_MAX = 5;

  private final HostChildren children;
  private final HostPorts.Directories directories;

  PluginDesk(HostChildren children, HostPorts.Directories directories) {
    this.children = children;
    this.directories = directories;
  }

  /** The plugin with all that it brings, once that is in the store. */
  static PluginCommand.Install installed(HostCommand.InstallPlugin order, Media media) {
    Map<String, StoredArtifact> disks = new HashMap<>();
    for (int i = 0; i < media.disks().size(); i++) {
      disks.put(order.manifest().disks().get(i).name(), media.disks().get(i).artifact());
    }
    return new PluginCommand.Install(
        order.manifest(),
        media.boot().artifact(),
        disks,
        order.replace(),
        order.asker(),
        order.replyTo());
  }

  void setEnabled(HostState state, HostCommand.SetPluginEnabled set) {
    if (!state.plugins().contains(set.name())) {
      refuseUnknown(set.name(), set.replyTo());
      return;
    }
    children
        .plugin(set.name())
        .tell(new PluginCommand.SetEnabled(set.enabled(), set.asker(), set.replyTo()));
  }

  /** Fetches a file for a plugin, or takes one away. */
  void files(HostState state, HostCommand.PluginFiles files, ArtifactStore store) {
    if (!state.plugins().contains(files.name())) {
      refuseUnknown(files.name(), files.replyTo());
      return;
    }
    ActorRef<PluginCommand> plugin = children.plugin(files.name());
    switch (files) {
      case HostCommand.AddPluginArtifact(_, var wanted, var asker, var replyTo) ->
          wanted
              .fetch(store)
              .whenComplete((artifact, failure) -> {
                if (artifact == null) {
                  replyTo.tell(Refusals.ofArtifact(failure));
                } else {
                  plugin.tell(new PluginCommand.AddArtifact(artifact, asker, replyTo));
                }
              });
      case HostCommand.RemovePluginArtifacts(
              _,
              var version,
              var artifact,
              var asker,
              var replyTo) ->
          plugin.tell(new PluginCommand.RemoveArtifacts(version, artifact, asker, replyTo));
    }
  }

  /** Removes a plugin that no deployment and no VM uses, those on their way among them. */
  void remove(HostState state, HostCommand.RemovePlugin remove, Creations creations) {
    if (!state.plugins().contains(remove.name())) {
      refuseUnknown(remove.name(), remove.replyTo());
      return;
    }
    Set<String> users = usersOf(remove.name(), creations);
    // One that was removed by force may have users still; its actor says that it is not there.
    boolean installed = directories.plugins().find(remove.name()).isPresent();
    if (installed && !users.isEmpty() && !remove.force()) {
      String named = String.join(", ", users.stream().limit(NAMES_MAX).toList());
      remove
          .replyTo()
          .tell(
              new PluginReply.Refused(
                  PluginReply.Reason.IN_USE,
                  "plugin "
                      + remove.name()
                      + " is used by "
                      + named
                      + "; delete them, or force it"));
      return;
    }
    children.plugin(remove.name()).tell(new PluginCommand.Remove(remove.asker(), remove.replyTo()));
  }

  private Set<String> usersOf(String plugin, Creations creations) {
    Set<String> users = new TreeSet<>(creations.namesOf(plugin));
    directories.deployments().all().stream()
        .filter(deployment -> deployment.uses(plugin))
        .forEach(deployment -> users.add("deployment " + deployment.name()));
    directories.vms().all().stream()
        .filter(vm -> vm.config().config().plugin().name().equals(plugin))
        .forEach(vm -> users.add(vm.name()));
    return users;
  }

  private static void refuseUnknown(String name, ActorRef<PluginReply> replyTo) {
    replyTo.tell(
        new PluginReply.Refused(
            PluginReply.Reason.NOT_FOUND, "there is no plugin \"" + name + "\""));
  }
}
