package io.volant.host;

import io.volant.deployment.Deployment;
import io.volant.deployment.DeploymentReply;
import io.volant.deployment.VmTemplate;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Looks at the config that a deployment shall have before the deployment is told of it: whether VMs
 * can be made of it, and whether what they are made of can be had. Decides nothing else.
 */
final class TemplateDesk {

  private final HostPorts ports;
  private final MediaDesk media;
  private final ActorRef<HostMessage> host;

  /**
   * A desk.
   *
   * @param host who goes on with what is in order
   */
  TemplateDesk(HostPorts ports, MediaDesk media, ActorRef<HostMessage> host) {
    this.ports = ports;
    this.media = media;
    this.host = host;
  }

  void check(HostCommand.CreateDeployment create) {
    // where there is one of that name, it answers for itself
    Optional<VmTemplate> config =
        find(create.name()).isPresent() ? Optional.empty() : Optional.of(create.config());
    check(create.name(), config, create.replyTo(), new HostMessage.MayCreate(create));
  }

  void check(HostCommand.UpdateDeployment update) {
    Optional<VmTemplate> config =
        find(update.name())
            .filter(deployment -> !deployment.isDone(update.asker()))
            .flatMap(deployment ->
                Optional.ofNullable(update.change().config())
                    .map(deployment.target().config()::with));
    check(update.name(), config, update.replyTo(), new HostMessage.MayUpdate(update));
  }

  /** A refusal concerns nobody's state: it goes to the one who asks as soon as it is there. */
  private void check(
      String deployment,
      Optional<VmTemplate> config,
      ActorRef<DeploymentReply> replyTo,
      HostMessage otherwise) {
    config
        .map(given -> problemOf(deployment, given))
        .orElseGet(() -> CompletableFuture.completedFuture(Optional.empty()))
        .thenAccept(problem -> problem.ifPresentOrElse(replyTo::tell, () -> host.tell(otherwise)));
  }

  private CompletionStage<Optional<DeploymentReply.Refused>> problemOf(
      String deployment, VmTemplate config) {
    HostCapacity capacity = ports.identity().capacity();
    return switch (Replicas.fit(deployment, config, ports.directories().plugins(), capacity)) {
      case Replicas.Fit.Misfit(var why) -> CompletableFuture.completedFuture(Optional.of(why));
      case Replicas.Fit.Fits(var plan) ->
          media
              .of(plan)
              .handle((found, failure) ->
                  found == null
                      ? Optional.of(Replicas.refused(Refusals.ofMedia(failure)))
                      : Optional.empty());
    };
  }

  private Optional<Deployment> find(String name) {
    return ports.directories().deployments().find(name);
  }
}
