package io.volant.host;

import io.volant.deployment.DeploymentNotice;
import io.volant.model.Asker;
import io.volant.model.VmId;
import io.volant.network.NetworkReply;
import io.volant.plugin.PluginNotice;
import io.volant.vm.VmNotice;
import io.volant.vm.VmReply;
import org.jspecify.annotations.Nullable;

/** All that the host's actor can receive: what the edge says, and what its children say. */
sealed interface HostMessage permits HostCommand, HostMessage.Inside {

  /** From within the actor tree. */
  sealed interface Inside extends HostMessage {}

  record FromVm(VmNotice notice) implements Inside {}

  record FromNewVm(VmId vmId, VmReply reply) implements Inside {}

  record FromDeployment(DeploymentNotice notice) implements Inside {}

  /** A new deployment's config is in order, and what it needs is in the store. */
  record MayCreate(HostCommand.CreateDeployment create) implements Inside {}

  /** The same of a deployment's next config; or nothing was to be looked at. */
  record MayUpdate(HostCommand.UpdateDeployment update) implements Inside {}

  /** What a deployment's request for a VM was answered. */
  record FromNewReplica(Replicas.Name name, Asker asker, HostReply reply) implements Inside {}

  /** All that the journal knows has been read. */
  record AllRead() implements Inside {}

  record FromPlugin(PluginNotice notice) implements Inside {}

  record FromNetwork(NetworkReply reply) implements Inside {}

  /** What a new VM is made of is in the store, or why not. */
  record VmMedia(CreationOrder order, @Nullable Media media, @Nullable Throwable failure)
      implements Inside {}

  /** What a plugin brings is in the store, or why not. */
  record PluginMedia(
      HostCommand.InstallPlugin order, @Nullable Media media, @Nullable Throwable failure)
      implements Inside {}
}
