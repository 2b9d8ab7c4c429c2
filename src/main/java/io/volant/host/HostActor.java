package io.volant.host;

import io.volant.deployment.DeploymentNotice;
import io.volant.journal.EventFeed;
import io.volant.model.Asker;
import io.volant.model.Stamp;
import io.volant.model.VmId;
import io.volant.network.NetworkCommand;
import io.volant.network.NetworkReply;
import io.volant.plugin.PluginCommand;
import io.volant.plugin.PluginNotice;
import io.volant.vm.VmCommand;
import io.volant.vm.VmNotice;
import io.volant.vm.VmReply;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;

/**
 * The root of the actor tree: owns the names, supervises plugins, network and VMs, and hands from
 * one feature to another what they may not ask each other. What it stores is only which names are
 * taken; each child stores its own story.
 */
public final class HostActor extends EventSourcedBehavior<HostMessage, HostEvent, HostState> {

  private static final Duration STORE_RETRY_MIN = Duration.ofMillis(200);
  private static final Duration STORE_RETRY_MAX = Duration.ofSeconds(10);

  private final ActorContext<HostMessage> context;
  private final HostPorts ports;
  private final HostChildren children;
  private final VmDesk vmDesk;
  private final PluginDesk pluginDesk;
  private final MediaDesk mediaDesk;
  private final ConfigDesk configDesk;
  private final TemplateDesk templateDesk;
  private final DeploymentDesk deploymentDesk;
  private final AddressDesk addressDesk;
  private final Creations creations = new Creations();
  private final Set<VmId> forgetting = new HashSet<>();
  private final Readiness readiness = new Readiness();

  /** The behaviour of this host. */
  public static Behavior<HostCommand> create(HostPorts ports) {
    return Behaviors.<HostMessage>setup(context -> new HostActor(context, ports)).narrow();
  }

  private HostActor(ActorContext<HostMessage> context, HostPorts ports) {
    super(
        PersistenceId.of("host", Integer.toString(ports.identity().number())),
        SupervisorStrategy.restartWithBackoff(STORE_RETRY_MIN, STORE_RETRY_MAX, 0.1)
            // VMs go on while the host cannot write
            .withStopChildren(false));
    this.context = context;
    this.ports = ports;
    this.children = new HostChildren(context, ports);
    this.vmDesk = new VmDesk(children);
    this.pluginDesk = new PluginDesk(children, ports.directories());
    this.mediaDesk = new MediaDesk(ports.vm().artifacts(), ports.vm().kernels());
    this.configDesk = new ConfigDesk(ports, mediaDesk);
    this.templateDesk = new TemplateDesk(ports, mediaDesk, context.getSelf());
    this.deploymentDesk = new DeploymentDesk(context, children, ports.directories().vms());
    readiness.await(context.messageAdapter(Done.class, _ -> new HostMessage.AllRead()));
    this.addressDesk =
        new AddressDesk(
            children, context.messageAdapter(NetworkReply.class, HostMessage.FromNetwork::new));
  }

  @Override
  public HostState emptyState() {
    return HostState.empty();
  }

  @Override
  public EventHandler<HostState, HostEvent> eventHandler() {
    return HostState::on;
  }

  @Override
  public Set<String> tagsFor(HostEvent event) {
    return Set.of(EventFeed.TAG);
  }

  @Override
  public SignalHandler<HostState> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.instance(), this::onRecovered)
        .build();
  }

  @Override
  public CommandHandler<HostMessage, HostEvent, HostState> commandHandler() {
    return (state, message) ->
        switch (message) {
          case HostCommand.AwaitReady(var replyTo) -> only(() -> readiness.await(replyTo));
          case HostCommand.CreateVm create -> onCreateVm(state, create);
          case HostCommand.PlanConfig plan -> only(() -> configDesk.plan(plan));
          case HostCommand.ToVm toVm -> only(() -> vmDesk.pass(state, toVm));
          case HostCommand.InstallPlugin install -> onInstallPlugin(install);
          case HostCommand.SetPluginEnabled set -> only(() -> pluginDesk.setEnabled(state, set));
          case HostCommand.PluginFiles files ->
              only(() -> pluginDesk.files(state, files, ports.vm().artifacts()));
          case HostCommand.RemovePlugin remove ->
              only(() -> pluginDesk.remove(state, remove, creations));
          case HostCommand.CreateDeployment create -> only(() -> templateDesk.check(create));
          case HostCommand.UpdateDeployment update -> only(() -> templateDesk.check(update));
          case HostMessage.MayCreate(var create) -> onCreateDeployment(state, create);
          case HostMessage.MayUpdate(var update) -> only(() -> deploymentDesk.pass(state, update));
          case HostCommand.ToDeployment to -> only(() -> deploymentDesk.pass(state, to));
          case HostMessage.FromDeployment(var notice) -> onDeploymentNotice(state, notice);
          case HostMessage.FromNewReplica(var name, var asker, var reply) ->
              only(() -> deploymentDesk.onNewReplica(name, asker, reply));
          case HostMessage.AllRead _ -> only(() -> deploymentDesk.begin(state, creations));
          case HostMessage.FromVm(var notice) -> onVmNotice(state, notice);
          case HostMessage.FromNewVm(var vmId, var reply) -> onNewVm(vmId, reply);
          case HostMessage.FromPlugin(var notice) -> onPluginNotice(notice);
          case HostMessage.FromNetwork(var reply) -> onNetworkReply(state, reply);
          case HostMessage.VmMedia found -> onVmMedia(state, found);
          case HostMessage.PluginMedia found -> onPluginMedia(state, found);
        };
  }

  /** Does this, and stores nothing. */
  private Effect<HostEvent, HostState> only(Runnable action) {
    action.run();
    return Effect().none();
  }

  private void onRecovered(HostState state) {
    creations.takeLost().ifPresent(this::giveUp);
    forgetting.forEach(
        vmId -> context.getSelf().tell(new HostMessage.FromVm(new VmNotice.Gone(vmId))));
    readiness.expect(state.namesById().keySet(), state.plugins(), state.deployments());
    children.network().tell(new NetworkCommand.KeepOnly(state.namesById().keySet()));
    state.plugins().forEach(children::plugin);
    state.namesById().forEach(children::vm);
    state.deployments().forEach(children::deployment);
  }

  // --- a new VM: checks, boot medium, name, address, first event ---

  private Effect<HostEvent, HostState> onCreateVm(HostState state, HostCommand.CreateVm create) {
    Admission admission =
        Admission.of(create, state, creations, ports.directories(), ports.identity().capacity());
    return switch (admission) {
      case Admission.Denied(var refused) -> answer(create, refused);
      case Admission.Made(var vm) -> answer(create, new HostReply.VmCreated(vm));
      case Admission.Granted(var plan) -> begin(state, new CreationOrder(create, plan));
    };
  }

  private Effect<HostEvent, HostState> begin(HostState state, CreationOrder order) {
    creations.begin(order);
    Optional<Media> known = order.plan().media().known();
    if (known.isPresent()) {
      return register(state, order, known.get());
    }
    context.pipeToSelf(
        mediaDesk.of(order.plan()),
        (found, failure) -> new HostMessage.VmMedia(order, found, failure));
    return Effect().none();
  }

  private Effect<HostEvent, HostState> onVmMedia(HostState state, HostMessage.VmMedia found) {
    Media complete = found.media();
    if (complete == null) {
      creations.end(found.order());
      return answer(found.order().command(), Refusals.ofMedia(found.failure()));
    }
    return register(state, found.order(), complete);
  }

  private Effect<HostEvent, HostState> register(HostState state, CreationOrder order, Media media) {
    creations.register(order);
    long sequence = state.lastSequence() + 1;
    VmId vmId = VmId.of(ports.identity().number(), sequence);
    Asker asker = order.command().asker();
    return Effect()
        .persist(new HostEvent.VmRegistered(stamp(asker), vmId, sequence, order.name()))
        .thenRun(() -> {
          creations.registered(vmId, order, media);
          if (order.plan().isBridged()) {
            addressDesk.lend(vmId, asker);
          } else {
            children.vm(vmId, order.name());
          }
        });
  }

  /** The journal failed: nothing of the order was stored, so nothing may be left of it here. */
  private void giveUp(CreationOrder order) {
    creations.end(order);
    order
        .command()
        .replyTo()
        .tell(
            Refusals.of(
                HostReply.Reason.OVERLOADED, "name", "the journal cannot be written; try again"));
  }

  /**
   * A new VM has read its journal: there was nothing in it, so it is told what to be. If it comes
   * back from a failed write, it is told again, or, where only the answer was lost, asked.
   */
  private void create(VmId vmId, Creations.Open open, boolean exists) {
    CreationOrder order = open.order();
    ActorRef<VmReply> replies = context.spawnAnonymous(NewVmReply.create(vmId, context.getSelf()));
    children
        .vm(vmId, order.name())
        .tell(
            exists
                ? new VmCommand.Describe(replies)
                : new VmCommand.Create(
                    order.plan().config(open.media()),
                    open.lease(),
                    order.command().asker(),
                    replies));
  }

  private Effect<HostEvent, HostState> onNewVm(VmId vmId, VmReply reply) {
    Optional<Creations.Open> open = creations.find(vmId);
    creations.end(vmId);
    open.ifPresent(created -> {
      ActorRef<HostReply> replyTo = created.order().command().replyTo();
      switch (reply) {
        case VmReply.Accepted(var vm) -> replyTo.tell(new HostReply.VmCreated(vm));
        case VmReply.Refused(_, var message) ->
            replyTo.tell(Refusals.of(HostReply.Reason.NAME_TAKEN, "name", message));
      }
    });
    return Effect().none();
  }

  private Effect<HostEvent, HostState> answer(HostCommand.CreateVm create, HostReply reply) {
    create.replyTo().tell(reply);
    return Effect().none();
  }

  // --- VMs that there are ---

  private Effect<HostEvent, HostState> onVmNotice(HostState state, VmNotice notice) {
    VmId vmId = notice.vmId();
    return switch (notice) {
      case VmNotice.Recovered(_, var exists) -> {
        readiness.recovered(vmId);
        Optional<Creations.Open> open = creations.find(vmId);
        open.ifPresent(order -> create(vmId, order, exists));
        yield exists || open.isPresent()
            ? Effect().none()
            : forget(state, vmId, Asker.system("start"));
      }
      case VmNotice.AddressWanted(_, var attempt) -> only(() -> addressDesk.lend(vmId, attempt));
      case VmNotice.AddressUnwanted _ -> only(() -> addressDesk.takeBack(vmId, becauseOf(vmId)));
      case VmNotice.Changed(_, var vm) -> only(() -> deploymentDesk.onChanged(state, vm));
      case VmNotice.Gone _ -> forget(state, vmId, becauseOf(vmId));
    };
  }

  private static Asker becauseOf(VmId vmId) {
    return Asker.system("vm/" + vmId);
  }

  /**
   * The name is free again. Said of a VM that never came to be, it also has no address any more.
   */
  private Effect<HostEvent, HostState> forget(HostState state, VmId vmId, Asker asker) {
    creations.end(vmId);
    String name = state.namesById().get(vmId);
    if (name == null) {
      return Effect().none();
    }
    addressDesk.takeBack(vmId, asker);
    forgetting.add(vmId);
    return Effect()
        .persist(new HostEvent.VmForgotten(stamp(asker), vmId))
        .thenRun(after -> {
          forgetting.remove(vmId);
          children.stopVm(vmId);
          deploymentDesk.onVanished(after, name, vmId);
        });
  }

  private Effect<HostEvent, HostState> onNetworkReply(HostState state, NetworkReply reply) {
    VmId vmId = reply.vmId();
    Optional<Creations.Open> open = creations.find(vmId);
    return switch (reply) {
      case NetworkReply.Lent(_, var lease) -> {
        if (open.isPresent()) {
          creations.leased(vmId, lease);
          children.vm(vmId, open.get().order().name());
        } else {
          addressDesk.granted(vmId, lease);
        }
        yield Effect().none();
      }
      case NetworkReply.Refused refused -> {
        if (open.isPresent()) {
          HostCommand.CreateVm command = open.get().order().command();
          command.replyTo().tell(Refusals.of(refused));
          yield forget(state, vmId, command.asker());
        }
        addressDesk.denied(vmId, refused.message());
        yield Effect().none();
      }
      case NetworkReply.Returned _ -> only(() -> addressDesk.returned(vmId));
    };
  }

  // --- plugins ---

  private Effect<HostEvent, HostState> onInstallPlugin(HostCommand.InstallPlugin install) {
    context.pipeToSelf(
        mediaDesk.of(install),
        (found, failure) -> new HostMessage.PluginMedia(install, found, failure));
    return Effect().none();
  }

  private Effect<HostEvent, HostState> onPluginMedia(
      HostState state, HostMessage.PluginMedia found) {
    HostCommand.InstallPlugin order = found.order();
    Media complete = found.media();
    if (complete == null) {
      order.replyTo().tell(Refusals.ofPluginMedia(found.failure()));
      return Effect().none();
    }
    String name = order.manifest().name();
    PluginCommand.Install install = PluginDesk.installed(order, complete);
    if (state.plugins().contains(name)) {
      children.plugin(name).tell(install);
      return Effect().none();
    }
    return Effect()
        .persist(new HostEvent.PluginRegistered(stamp(order.asker()), name))
        .thenRun(() -> children.plugin(name).tell(install));
  }

  private Effect<HostEvent, HostState> onPluginNotice(PluginNotice notice) {
    ports.directories().plugins().note(notice);
    readiness.recovered(notice.name());
    return Effect().none();
  }

  // --- deployments ---

  private Effect<HostEvent, HostState> onCreateDeployment(
      HostState state, HostCommand.CreateDeployment create) {
    if (state.deployments().contains(create.name())) { // it may have been deleted: it will say
      deploymentDesk.create(create);
      return Effect().none();
    }
    return Effect()
        .persist(new HostEvent.DeploymentRegistered(stamp(create.asker()), create.name()))
        .thenRun(() -> deploymentDesk.create(create));
  }

  private Effect<HostEvent, HostState> onDeploymentNotice(
      HostState state, DeploymentNotice notice) {
    if (notice instanceof DeploymentNotice.Recovered(var name)) {
      readiness.recoveredDeployment(name);
    }
    return deploymentDesk
        .on(state, creations, notice)
        .map(create -> onCreateVm(state, create))
        .orElseGet(() -> Effect().none());
  }

  private Stamp stamp(Asker asker) {
    String name = Integer.toString(ports.identity().number());
    String id = "host/" + name + "#" + (lastSequenceNumber(context) + 1);
    return new Stamp(id, name, ports.clock().instant(), asker.by(), asker.cause());
  }
}
