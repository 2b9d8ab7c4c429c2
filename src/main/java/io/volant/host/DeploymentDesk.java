package io.volant.host;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.volant.deployment.DeploymentCommand;
import io.volant.deployment.DeploymentNotice;
import io.volant.deployment.DeploymentReply;
import io.volant.deployment.Sighting;
import io.volant.model.Asker;
import io.volant.model.VmId;
import io.volant.vm.Vm;
import io.volant.vm.VmCommand;
import io.volant.vm.VmDirectory;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Stands between deployments and VMs, who do not know each other: tells the ones what becomes of
 * the others, and passes on what they want of them.
 */
final class DeploymentDesk {

  private static final Asker NOBODY = new Asker("", "");

  private final ActorContext<HostMessage> context;
  private final HostChildren children;
  private final VmDirectory vms;

  /** Who wanted the VMs that are on their way, by the VMs' names. */
  private final Map<String, Asker> making = new HashMap<>();

  private boolean allRead;

  DeploymentDesk(ActorContext<HostMessage> context, HostChildren children, VmDirectory vms) {
    this.context = context;
    this.children = children;
    this.vms = vms;
  }

  // --- what the edge wants ---

  /** To a deployment whose name is known. */
  void create(HostCommand.CreateDeployment create) {
    children
        .deployment(create.name())
        .tell(
            new DeploymentCommand.Create(
                create.replicas(),
                create.maxUnavailable(),
                create.config(),
                create.asker(),
                create.replyTo()));
  }

  void pass(HostState state, HostCommand.ToDeployment to) {
    if (!state.deployments().contains(to.name())) {
      to.replyTo()
          .tell(
              new DeploymentReply.Refused(
                  DeploymentReply.Reason.NOT_FOUND,
                  "there is no deployment \"" + to.name() + "\"",
                  java.util.List.of()));
      return;
    }
    children
        .deployment(to.name())
        .tell(
            switch (to) {
              case HostCommand.UpdateDeployment(_, var change, var asker, var replyTo) ->
                  new DeploymentCommand.Update(change, asker, replyTo);
              case HostCommand.RollBackDeployment(_, var asker, var replyTo) ->
                  new DeploymentCommand.RollBack(asker, replyTo);
              case HostCommand.DeleteDeployment(_, var asker, var replyTo) ->
                  new DeploymentCommand.Delete(asker, replyTo);
            });
  }

  // --- what becomes of VMs ---

  /** All that the journal knows has been read: deployments may begin. */
  void begin(HostState state, Creations creations) {
    allRead = true;
    Map<String, Map<Integer, Sighting>> seen = sightings(state, creations, state.deployments());
    state
        .deployments()
        .forEach(name ->
            children
                .deployment(name)
                .tell(new DeploymentCommand.Begin(seen.getOrDefault(name, Map.of()))));
  }

  /** A deployment has read its journal. */
  private void begin(HostState state, Creations creations, String name) {
    if (allRead) {
      Map<Integer, Sighting> seen =
          sightings(state, creations, Set.of(name)).getOrDefault(name, Map.of());
      children.deployment(name).tell(new DeploymentCommand.Begin(seen));
    }
  }

  private Map<String, Map<Integer, Sighting>> sightings(
      HostState state, Creations creations, Set<String> deployments) {
    Map<String, Map<Integer, Sighting>> seen = new HashMap<>();
    state
        .idsByName()
        .forEach((vmName, vmId) -> {
          Optional<Replicas.Name> name = Replicas.Name.of(vmName);
          if (name.isPresent()
              && deployments.contains(name.get().deployment())
              && !creations.has(vmName)) {
            seen.computeIfAbsent(name.get().deployment(), _ -> new HashMap<>())
                .put(name.get().number(), sighting(vmName, vmId));
          }
        });
    return seen;
  }

  /** The VM with a name that is taken; one that cannot be seen is about to give the name back. */
  private Sighting sighting(String vmName, VmId vmId) {
    return vms.find(vmName)
        .filter(vm -> vm.id().equals(vmId))
        .map(Replicas::sighting)
        .orElse(new Sighting(vmId, NOBODY, Sighting.Condition.LEAVING, ""));
  }

  /** A VM has another phase. */
  void onChanged(HostState state, Vm vm) {
    // it may have gone further since; what is told must never be older than what was told before
    Vm now = vms.find(vm.name()).filter(found -> found.id().equals(vm.id())).orElse(vm);
    replica(state, vm.name())
        .ifPresent(
            name -> tell(name, new DeploymentCommand.Seen(name.number(), Replicas.sighting(now))));
  }

  /** A VM is gone, and its name is free. */
  void onVanished(HostState state, String vmName, VmId vmId) {
    replica(state, vmName)
        .ifPresent(name -> tell(name, new DeploymentCommand.Vanished(name.number(), vmId)));
  }

  private static Optional<Replicas.Name> replica(HostState state, String vmName) {
    return Replicas.Name.of(vmName).filter(name -> state.deployments().contains(name.deployment()));
  }

  private void tell(Replicas.Name name, DeploymentCommand command) {
    children.deployment(name.deployment()).tell(command);
  }

  // --- what deployments want ---

  /** Does what a deployment wants; what is left to the host is a VM that it shall create. */
  Optional<HostCommand.CreateVm> on(HostState state, Creations creations, DeploymentNotice notice) {
    switch (notice) {
      case DeploymentNotice.Recovered(var name) -> begin(state, creations, name);
      case DeploymentNotice.VmWanted wanted -> {
        return onWanted(wanted);
      }
      case DeploymentNotice.VmMissed(var name, int number, var cause) ->
          onMissed(new Replicas.Name(name, number), cause);
      case DeploymentNotice.VmUnwanted(var name, int number, var vmId, var asker) -> {
        Optional<ActorRef<VmCommand>> vm = children.vm(vmId);
        if (vm.isPresent()) {
          vm.get().tell(new VmCommand.Delete(asker, context.getSystem().ignoreRef()));
        } else {
          tell(new Replicas.Name(name, number), new DeploymentCommand.Vanished(number, vmId));
        }
      }
      case DeploymentNotice.VmAtRest(_, var vmId, var asker) ->
          children
              .vm(vmId)
              .ifPresent(
                  vm -> vm.tell(new VmCommand.Start(asker, context.getSystem().ignoreRef())));
    }
    return Optional.empty();
  }

  private Optional<HostCommand.CreateVm> onWanted(DeploymentNotice.VmWanted wanted) {
    Replicas.Name name = new Replicas.Name(wanted.name(), wanted.number());
    Asker asker = wanted.asker();
    if (isThere(name, asker) || asker.equals(making.get(name.vmName()))) {
      return Optional.empty();
    }
    try {
      VmRequest request = Replicas.request(name.vmName(), wanted.config());
      making.put(name.vmName(), asker);
      return Optional.of(new HostCommand.CreateVm(request, asker, replies(name, asker)));
    } catch (JsonProcessingException | IllegalArgumentException unreadable) {
      notMade(name, asker.cause(), "its config cannot be read: " + unreadable.getMessage());
      return Optional.empty();
    }
  }

  private ActorRef<HostReply> replies(Replicas.Name name, Asker asker) {
    ActorRef<HostMessage> self = context.getSelf();
    return context.spawnAnonymous(
        Behaviors.<HostReply>receiveMessage(reply -> {
          self.tell(new HostMessage.FromNewReplica(name, asker, reply));
          return Behaviors.stopped();
        }));
  }

  /** A new replica was created, or not. */
  void onNewReplica(Replicas.Name name, Asker asker, HostReply reply) {
    making.remove(name.vmName());
    switch (reply) {
      case HostReply.VmCreated(var vm) ->
          tell(name, new DeploymentCommand.Seen(name.number(), Replicas.sighting(latest(vm))));
      case HostReply.Refused(_, var message, _) -> notMade(name, asker.cause(), message);
    }
  }

  private Vm latest(Vm vm) {
    return vms.find(vm.name()).filter(now -> now.id().equals(vm.id())).orElse(vm);
  }

  private void onMissed(Replicas.Name name, String cause) {
    Asker asker = making.get(name.vmName());
    boolean coming = asker != null && asker.cause().equals(cause);
    if (!coming && !isThere(name, new Asker("deployment/" + name.deployment(), cause))) {
      notMade(name, cause, "it is wanted no more");
    }
  }

  /** Whether the VM that an asker wanted is there; the deployment is told if so. */
  private boolean isThere(Replicas.Name name, Asker asker) {
    Optional<Vm> vm =
        vms.find(name.vmName()).filter(found -> found.identity().maker().equals(asker));
    vm.ifPresent(
        found -> tell(name, new DeploymentCommand.Seen(name.number(), Replicas.sighting(found))));
    return vm.isPresent();
  }

  private void notMade(Replicas.Name name, String cause, String reason) {
    tell(name, new DeploymentCommand.NotMade(name.number(), cause, reason));
  }
}
