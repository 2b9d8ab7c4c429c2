package io.volant.api;

import io.volant.deployment.DeploymentCommand;
import io.volant.deployment.DeploymentReply;
import io.volant.deployment.VmTemplate;
import io.volant.host.ConfigPlan;
import io.volant.host.HostCommand;
import io.volant.host.HostReply;
import io.volant.host.NewArtifact;
import io.volant.host.VmRequest;
import io.volant.manifest.PluginManifest;
import io.volant.model.Asker;
import io.volant.plugin.PluginReply;
import io.volant.vm.VmCommand.Goal;
import io.volant.vm.VmReply;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.japi.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where the edge asks the host: the only place with {@code ask}. An answer that does not come in
 * time is a {@link java.util.concurrent.TimeoutException}; what was asked may still happen.
 */
final class HostDesk {

  private final ActorSystem<?> system;
  private final ActorRef<HostCommand> host;
  private final ApiSettings.Patience patience;

  HostDesk(ActorSystem<?> system, ActorRef<HostCommand> host, ApiSettings.Patience patience) {
    this.system = system;
    this.host = host;
    this.patience = patience;
  }

  CompletionStage<HostReply> create(VmRequest request, Asker asker) {
    return ask(patience.work(), replyTo -> new HostCommand.CreateVm(request, asker, replyTo));
  }

  CompletionStage<ConfigPlan> planConfig(String name, VmRequest.Change change) {
    return ask(patience.work(), replyTo -> new HostCommand.PlanConfig(name, change, replyTo));
  }

  CompletionStage<VmReply> changeConfig(String name, ConfigPlan.Planned plan, Asker asker) {
    return ask(
        patience.ask(),
        replyTo ->
            new HostCommand.ChangeConfig(
                name, plan.was().version(), plan.config(), asker, replyTo));
  }

  CompletionStage<VmReply> start(String name, Asker asker) {
    return ask(patience.ask(), replyTo -> new HostCommand.StartVm(name, asker, replyTo));
  }

  CompletionStage<VmReply> stop(String name, Asker asker) {
    return ask(patience.ask(), replyTo -> new HostCommand.StopVm(name, asker, replyTo));
  }

  CompletionStage<VmReply> restart(String name, Asker asker) {
    return ask(patience.ask(), replyTo -> new HostCommand.RestartVm(name, asker, replyTo));
  }

  CompletionStage<VmReply> delete(String name, Asker asker) {
    return ask(patience.work(), replyTo -> new HostCommand.DeleteVm(name, asker, replyTo));
  }

  CompletionStage<VmReply> await(String name, Goal goal, Duration timeout) {
    return ask(timeout, replyTo -> new HostCommand.AwaitVm(name, goal, replyTo));
  }

  CompletionStage<PluginReply> install(PluginManifest manifest, boolean replace, Asker asker) {
    return ask(
        patience.work(),
        replyTo -> new HostCommand.InstallPlugin(manifest, replace, asker, replyTo));
  }

  CompletionStage<PluginReply> setEnabled(String name, boolean enabled, Asker asker) {
    return ask(
        patience.ask(), replyTo -> new HostCommand.SetPluginEnabled(name, enabled, asker, replyTo));
  }

  CompletionStage<PluginReply> remove(String name, boolean force, Asker asker) {
    return ask(
        patience.ask(), replyTo -> new HostCommand.RemovePlugin(name, force, asker, replyTo));
  }

  CompletionStage<DeploymentReply> createDeployment(
      String name, int replicas, @Nullable Integer maxUnavailable, VmTemplate config, Asker asker) {
    return ask(
        patience.work(),
        replyTo ->
            new HostCommand.CreateDeployment(
                name, replicas, maxUnavailable, config, asker, replyTo));
  }

  CompletionStage<DeploymentReply> updateDeployment(
      String name, DeploymentCommand.Change change, Asker asker) {
    return ask(
        patience.work(), replyTo -> new HostCommand.UpdateDeployment(name, change, asker, replyTo));
  }

  CompletionStage<DeploymentReply> rollBackDeployment(String name, Asker asker) {
    return ask(patience.ask(), replyTo -> new HostCommand.RollBackDeployment(name, asker, replyTo));
  }

  /** Answered when all is gone. */
  CompletionStage<DeploymentReply> deleteDeployment(String name, Asker asker) {
    return ask(patience.work(), replyTo -> new HostCommand.DeleteDeployment(name, asker, replyTo));
  }

  CompletionStage<PluginReply> addArtifact(String name, NewArtifact artifact, Asker asker) {
    return ask(
        patience.work(),
        replyTo -> new HostCommand.AddPluginArtifact(name, artifact, asker, replyTo));
  }

  CompletionStage<PluginReply> removeArtifacts(
      String name, @Nullable String version, @Nullable String artifact, Asker asker) {
    return ask(
        patience.ask(),
        replyTo -> new HostCommand.RemovePluginArtifacts(name, version, artifact, asker, replyTo));
  }

  private <R> CompletionStage<R> ask(Duration timeout, Function<ActorRef<R>, HostCommand> command) {
    return AskPattern.ask(host, command, timeout, system.scheduler());
  }
}
