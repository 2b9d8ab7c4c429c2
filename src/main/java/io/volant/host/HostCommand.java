package io.volant.host;

import io.volant.deployment.DeploymentCommand;
import io.volant.deployment.DeploymentReply;
import io.volant.deployment.VmTemplate;
import io.volant.manifest.PluginManifest;
import io.volant.model.Asker;
import io.volant.plugin.PluginReply;
import io.volant.vm.VmCommand.Goal;
import io.volant.vm.VmConfig;
import io.volant.vm.VmReply;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** What the HTTP edge may say to the host. */
public sealed interface HostCommand extends HostMessage {

  /** Answer once everything that the journal knows has been read. */
  record AwaitReady(ActorRef<Done> replyTo) implements HostCommand {}

  /** Create a VM and start it. */
  record CreateVm(VmRequest request, Asker asker, ActorRef<HostReply> replyTo)
      implements HostCommand {}

  /** To the VM with a name; refused with NOT_FOUND where there is none. */
  sealed interface ToVm extends HostCommand {
    String name();

    ActorRef<VmReply> replyTo();
  }

  record StartVm(String name, Asker asker, ActorRef<VmReply> replyTo) implements ToVm {}

  record StopVm(String name, Asker asker, ActorRef<VmReply> replyTo) implements ToVm {}

  record RestartVm(String name, Asker asker, ActorRef<VmReply> replyTo) implements ToVm {}

  record DeleteVm(String name, Asker asker, ActorRef<VmReply> replyTo) implements ToVm {}

  record DescribeVm(String name, ActorRef<VmReply> replyTo) implements ToVm {}

  record AwaitVm(String name, Goal goal, ActorRef<VmReply> replyTo) implements ToVm {}

  /** Tell what a VM's config would be after a change, and fetch what it needs. Changes nothing. */
  record PlanConfig(String name, VmRequest.Change change, ActorRef<ConfigPlan> replyTo)
      implements HostCommand {}

  /**
   * Use this config at the next start.
   *
   * @param base the version that it was planned from
   */
  record ChangeConfig(
      String name, int base, VmConfig config, Asker asker, ActorRef<VmReply> replyTo)
      implements ToVm {}

  /** Create a deployment, which then creates its VMs. */
  record CreateDeployment(
      String name,
      int replicas,
      @Nullable Integer maxUnavailable,
      VmTemplate config,
      Asker asker,
      ActorRef<DeploymentReply> replyTo)
      implements HostCommand {}

  /** To the deployment with a name; refused with NOT_FOUND where there is none. */
  sealed interface ToDeployment extends HostCommand {
    String name();

    ActorRef<DeploymentReply> replyTo();
  }

  record UpdateDeployment(
      String name, DeploymentCommand.Change change, Asker asker, ActorRef<DeploymentReply> replyTo)
      implements ToDeployment {}

  record RollBackDeployment(String name, Asker asker, ActorRef<DeploymentReply> replyTo)
      implements ToDeployment {}

  record DeleteDeployment(String name, Asker asker, ActorRef<DeploymentReply> replyTo)
      implements ToDeployment {}

  /** Install a plugin, or another version of it. */
  record InstallPlugin(
      PluginManifest manifest, boolean replace, Asker asker, ActorRef<PluginReply> replyTo)
      implements HostCommand {}

  /** Let new VMs use a plugin, or not. */
  record SetPluginEnabled(String name, boolean enabled, Asker asker, ActorRef<PluginReply> replyTo)
      implements HostCommand {}

  /** About the further files of a plugin. */
  sealed interface PluginFiles extends HostCommand {
    String name();

    ActorRef<PluginReply> replyTo();
  }

  /** Fetch a file for a plugin, and keep it with it. */
  record AddPluginArtifact(
      String name, NewArtifact artifact, Asker asker, ActorRef<PluginReply> replyTo)
      implements PluginFiles {}

  /** Take files that were added away; without a version of all, without a file's name all. */
  record RemovePluginArtifacts(
      String name,
      @Nullable String version,
      @Nullable String artifact,
      Asker asker,
      ActorRef<PluginReply> replyTo)
      implements PluginFiles {}

  /** Remove a plugin; refused while VMs use it, unless forced. */
  record RemovePlugin(String name, boolean force, Asker asker, ActorRef<PluginReply> replyTo)
      implements HostCommand {}
}
