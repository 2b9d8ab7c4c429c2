package io.volant.host;

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
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
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
  private final PluginDesk pluginDesk;
  private final MediaDesk mediaDesk;
  private final ActorRef<NetworkReply> networkReplies;
  private final Creations creations = new Creations();
  private final Map<VmId, Integer> askingAttempts = new HashMap<>();
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
    this.pluginDesk = new PluginDesk(children, ports.directories().vms());
    this.mediaDesk = new MediaDesk(ports.vm().artifacts(), ports.vm().kernels());
    this.networkReplies = context.messageAdapter(NetworkReply.class, HostMessage.FromNetwork::new);
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
          case HostCommand.AwaitReady(var replyTo) -> {
            readiness.await(replyTo);
            yield Effect().none();
          }
          case HostCommand.CreateVm create -> onCreateVm(state, create);
          case HostCommand.ToVm toVm -> onToVm(state, toVm);
          case HostCommand.InstallPlugin install -> onInstallPlugin(install);
          case HostCommand.SetPluginEnabled set -> {
            pluginDesk.setEnabled(state, set);
            yield Effect().none();
          }
          case HostCommand.PluginFiles files -> {
            pluginDesk.files(state, files, ports.vm().artifacts());
            yield Effect().none();
          }
          case HostCommand.RemovePlugin remove -> {
            pluginDesk.remove(state, remove, creations);
            yield Effect().none();
          }
          case HostMessage.FromVm(var notice) -> onVmNotice(state, notice);
          case HostMessage.FromNewVm(var vmId, var reply) -> onNewVm(vmId, reply);
          case HostMessage.FromPlugin(var notice) -> onPluginNotice(notice);
          case HostMessage.FromNetwork(var reply) -> onNetworkReply(state, reply);
          case HostMessage.VmMedia found -> onVmMedia(state, found);
          case HostMessage.PluginMedia found -> onPluginMedia(state, found);
        };
  }

  private void onRecovered(HostState state) {
    creations.takeLost().ifPresent(this::giveUp);
    forgetting.forEach(
        vmId -> context.getSelf().tell(new HostMessage.FromVm(new VmNotice.Gone(vmId))));
    readiness.expect(state.namesById().keySet(), state.plugins());
    children.network().tell(new NetworkCommand.KeepOnly(state.namesById().keySet()));
    state.plugins().forEach(children::plugin);
    state.namesById().forEach(children::vm);
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
            children.network().tell(new NetworkCommand.Lend(vmId, asker, networkReplies));
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

  private Effect<HostEvent, HostState> onToVm(HostState state, HostCommand.ToVm toVm) {
    Optional<ActorRef<VmCommand>> vm =
        Optional.ofNullable(state.idsByName().get(toVm.name())).flatMap(children::vm);
    if (vm.isEmpty()) {
      toVm.replyTo()
          .tell(
              new VmReply.Refused(
                  VmReply.Reason.NOT_FOUND, "there is no VM \"" + toVm.name() + "\""));
      return Effect().none();
    }
    vm.get()
        .tell(
            switch (toVm) {
              case HostCommand.StartVm(_, var asker, var replyTo) ->
                  new VmCommand.Start(asker, replyTo);
              case HostCommand.StopVm(_, var asker, var replyTo) ->
                  new VmCommand.Stop(asker, replyTo);
              case HostCommand.RestartVm(_, var asker, var replyTo) ->
                  new VmCommand.Restart(asker, replyTo);
              case HostCommand.DeleteVm(_, var asker, var replyTo) ->
                  new VmCommand.Delete(asker, replyTo);
              case HostCommand.DescribeVm(_, var replyTo) -> new VmCommand.Describe(replyTo);
              case HostCommand.AwaitVm(_, var goal, var replyTo) ->
                  new VmCommand.Await(goal, replyTo);
            });
    return Effect().none();
  }

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
      case VmNotice.AddressWanted(_, var attempt) -> {
        askingAttempts.put(vmId, attempt);
        children.network().tell(new NetworkCommand.Lend(vmId, becauseOf(vmId), networkReplies));
        yield Effect().none();
      }
      case VmNotice.AddressUnwanted _ -> {
        children.network().tell(new NetworkCommand.Return(vmId, becauseOf(vmId), networkReplies));
        yield Effect().none();
      }
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
    if (!state.namesById().containsKey(vmId)) {
      return Effect().none();
    }
    children.network().tell(new NetworkCommand.Return(vmId, asker, networkReplies));
    forgetting.add(vmId);
    return Effect()
        .persist(new HostEvent.VmForgotten(stamp(asker), vmId))
        .thenRun(() -> {
          forgetting.remove(vmId);
          children.stopVm(vmId);
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
          tellAsking(vmId, attempt -> new VmCommand.AddressGranted(attempt, lease));
        }
        yield Effect().none();
      }
      case NetworkReply.Refused refused -> {
        if (open.isPresent()) {
          HostCommand.CreateVm command = open.get().order().command();
          command.replyTo().tell(Refusals.of(refused));
          yield forget(state, vmId, command.asker());
        }
        tellAsking(vmId, attempt -> new VmCommand.AddressDenied(attempt, refused.message()));
        yield Effect().none();
      }
      case NetworkReply.Returned _ -> {
        children.vm(vmId).ifPresent(vm -> vm.tell(new VmCommand.AddressReturned()));
        yield Effect().none();
      }
    };
  }

  private void tellAsking(VmId vmId, Function<Integer, VmCommand> message) {
    Integer attempt = askingAttempts.remove(vmId);
    if (attempt != null) {
      children.vm(vmId).ifPresent(vm -> vm.tell(message.apply(attempt)));
    }
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

  private Stamp stamp(Asker asker) {
    String name = Integer.toString(ports.identity().number());
    String id = "host/" + name + "#" + (lastSequenceNumber(context) + 1);
    return new Stamp(id, name, ports.clock().instant(), asker.by(), asker.cause());
  }
}
