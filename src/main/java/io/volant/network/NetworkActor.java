package io.volant.network;

import io.volant.journal.EventFeed;
import io.volant.model.Asker;
import io.volant.model.Lease;
import io.volant.model.Stamp;
import io.volant.model.VmId;
import io.volant.network.NetworkState.Present;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EffectBuilder;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;
import org.jspecify.annotations.Nullable;

/**
 * One network: lends addresses, and sees to it that the host's bridge is there before the first one
 * is used. A bridge that cannot be had refuses the request, and is tried again at the next.
 */
public final class NetworkActor
    extends EventSourcedBehavior<NetworkMessage, NetworkEvent, NetworkState> {

  private static final Duration STORE_RETRY_MIN = Duration.ofMillis(200);
  private static final Duration STORE_RETRY_MAX = Duration.ofSeconds(10);

  /** More requests than any host starts VMs at once; who comes later asks again. */
  private static final int WAITING_MAX = 10_000;

  /** What is known of the host's side; not stored, since it is looked up again at every start. */
  private enum Bridge {
    UNKNOWN,
    COMING,
    UP
  }

  private final ActorContext<NetworkMessage> context;
  private final String name;
  private final HostNetwork hostNetwork;
  private final Clock clock;
  private final List<NetworkCommand.Lend> waiting = new ArrayList<>();
  private Bridge bridge = Bridge.UNKNOWN;
  private List<NetworkCommand> storing = List.of();

  /** The behaviour of the network with this name. */
  public static Behavior<NetworkCommand> create(String name, HostNetwork network, Clock clock) {
    return Behaviors.<NetworkMessage>setup(
            context -> new NetworkActor(context, name, network, clock))
        .narrow();
  }

  private NetworkActor(
      ActorContext<NetworkMessage> context, String name, HostNetwork hostNetwork, Clock clock) {
    super(
        PersistenceId.of("network", name),
        SupervisorStrategy.restartWithBackoff(STORE_RETRY_MIN, STORE_RETRY_MAX, 0.1));
    this.context = context;
    this.name = name;
    this.hostNetwork = hostNetwork;
    this.clock = clock;
  }

  @Override
  public NetworkState emptyState() {
    return new NetworkState.Absent();
  }

  @Override
  public EventHandler<NetworkState, NetworkEvent> eventHandler() {
    return NetworkState::on;
  }

  @Override
  public Set<String> tagsFor(NetworkEvent event) {
    return Set.of(EventFeed.TAG);
  }

  @Override
  public SignalHandler<NetworkState> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.instance(), this::onRecovered)
        .build();
  }

  @Override
  public CommandHandler<NetworkMessage, NetworkEvent, NetworkState> commandHandler() {
    return (state, message) ->
        switch (message) {
          case NetworkCommand.Define(var spec) -> onDefine(state, spec);
          case NetworkCommand.Lend lend -> onLend(state, lend);
          case NetworkCommand.Return taken -> onReturn(state, taken);
          case NetworkCommand.KeepOnly(var vmIds) -> onKeepOnly(state, vmIds);
          case NetworkMessage.BridgeTold(var failure) -> onBridgeTold(state, failure);
        };
  }

  private void onRecovered(NetworkState state) {
    // VMs that outlived the daemon use the bridge: see to it now, not at the next request
    if (state instanceof Present present && !present.pool().isIdle() && bridge == Bridge.UNKNOWN) {
      raiseBridge(present.spec());
    }
    for (NetworkCommand asked : storing) { // the write failed, and who asked still waits
      if (asked instanceof NetworkCommand.Lend lend) {
        waiting.add(lend);
      } else {
        context.getSelf().tell(asked);
      }
    }
    storing = List.of();
    if (bridge == Bridge.UP && !waiting.isEmpty()) {
      context.getSelf().tell(new NetworkMessage.BridgeTold(null));
    }
  }

  private Effect<NetworkEvent, NetworkState> onDefine(NetworkState state, NetworkSpec spec) {
    if (state instanceof Present present) {
      if (present.spec().equals(spec)) {
        return Effect().none();
      }
      if (!present.pool().isIdle()) {
        context
            .getLog()
            .error(
                "network {} stays {} while VMs hold addresses of it; stop them to make it {}",
                name,
                present.spec().subnet(),
                spec.subnet());
        return Effect().none();
      }
    }
    bridge = Bridge.UNKNOWN;
    return store(
        List.of(new NetworkEvent.Defined(stamp(Asker.system("start"), 1), spec)),
        List.of(new NetworkCommand.Define(spec)));
  }

  private Effect<NetworkEvent, NetworkState> onLend(NetworkState state, NetworkCommand.Lend lend) {
    if (!(state instanceof Present present)) {
      refuse(lend, NetworkReply.Reason.UNAVAILABLE, "network " + name + " is not defined");
      return Effect().none();
    }
    return bridge == Bridge.UP ? lend(present, List.of(lend)) : await(present, lend);
  }

  /** Lends to all of these in one write, each after the one before it. */
  private Effect<NetworkEvent, NetworkState> lend(
      Present present, List<NetworkCommand.Lend> lends) {
    List<NetworkEvent> events = new ArrayList<>();
    List<Runnable> answers = new ArrayList<>();
    AddressPool pool = present.pool();
    for (NetworkCommand.Lend lend : lends) {
      VmId vmId = lend.vmId();
      Optional<String> offer = pool.offer(vmId);
      if (offer.isEmpty()) {
        answers.add(() -> refuse(lend, NetworkReply.Reason.EXHAUSTED, full(present.spec())));
        continue;
      }
      String address = offer.get();
      if (pool.heldBy(vmId).isEmpty()) {
        pool = pool.lent(vmId, address);
        events.add(
            new NetworkEvent.AddressLent(stamp(lend.asker(), events.size() + 1), vmId, address));
      }
      Lease lease = lease(present.spec(), vmId, address);
      answers.add(() -> lend.replyTo().tell(new NetworkReply.Lent(vmId, lease)));
    }
    return store(events, lends).thenRun(() -> answers.forEach(Runnable::run));
  }

  private String full(NetworkSpec spec) {
    return "no free address in "
        + spec.subnet()
        + " (network "
        + name
        + "): stop or delete a VM, or give the network a larger subnet";
  }

  private Effect<NetworkEvent, NetworkState> await(Present present, NetworkCommand.Lend lend) {
    if (waiting.size() >= WAITING_MAX) {
      refuse(lend, NetworkReply.Reason.UNAVAILABLE, "too many wait for network " + name);
      return Effect().none();
    }
    waiting.add(lend);
    if (bridge == Bridge.UNKNOWN) {
      raiseBridge(present.spec());
    }
    return Effect().none();
  }

  private Effect<NetworkEvent, NetworkState> onReturn(
      NetworkState state, NetworkCommand.Return taken) {
    NetworkReply reply = new NetworkReply.Returned(taken.vmId());
    waiting.removeIf(lend -> lend.vmId().equals(taken.vmId())); // it does not want one any more
    if (!(state instanceof Present present) || present.pool().heldBy(taken.vmId()).isEmpty()) {
      taken.replyTo().tell(reply);
      return Effect().none();
    }
    return store(
            List.of(new NetworkEvent.AddressReturned(stamp(taken.asker(), 1), taken.vmId())),
            List.of(taken))
        .thenRun(() -> taken.replyTo().tell(reply));
  }

  private Effect<NetworkEvent, NetworkState> onKeepOnly(NetworkState state, Set<VmId> vmIds) {
    if (!(state instanceof Present present)) {
      return Effect().none();
    }
    List<NetworkEvent> events = new ArrayList<>();
    for (VmId holder : present.pool().places().keySet()) {
      if (!vmIds.contains(holder)) {
        Stamp stamp = stamp(Asker.system("start"), events.size() + 1);
        events.add(new NetworkEvent.AddressReturned(stamp, holder));
      }
    }
    return store(events, List.of(new NetworkCommand.KeepOnly(vmIds)));
  }

  private Effect<NetworkEvent, NetworkState> onBridgeTold(
      NetworkState state, @Nullable String failure) {
    bridge = failure == null ? Bridge.UP : Bridge.UNKNOWN;
    List<NetworkCommand.Lend> asked = List.copyOf(waiting);
    waiting.clear();
    if (failure == null && state instanceof Present present) {
      return lend(present, asked);
    }
    asked.forEach(lend -> refuse(lend, NetworkReply.Reason.UNAVAILABLE, String.valueOf(failure)));
    return Effect().none();
  }

  /** Stores events; those who asked for them are asked for again should the write fail. */
  private EffectBuilder<NetworkEvent, NetworkState> store(
      List<NetworkEvent> events, List<? extends NetworkCommand> askedBy) {
    storing = List.copyOf(askedBy);
    return Effect().persist(events).thenRun(() -> storing = List.of());
  }

  private void raiseBridge(NetworkSpec spec) {
    bridge = Bridge.COMING;
    context.pipeToSelf(
        hostNetwork.ensure(spec),
        (_, failure) -> new NetworkMessage.BridgeTold(failure == null ? null : text(failure)));
  }

  private static void refuse(NetworkCommand.Lend lend, NetworkReply.Reason reason, String message) {
    lend.replyTo().tell(new NetworkReply.Refused(lend.vmId(), reason, message));
  }

  private static Lease lease(NetworkSpec spec, VmId vmId, String address) {
    return new Lease(
        address,
        Subnet.parse(spec.subnet()).prefix(),
        spec.hostAddress(),
        vmId.macAddress(),
        spec.bridge());
  }

  private Stamp stamp(Asker asker, int offset) {
    String id = "network/" + name + "#" + (lastSequenceNumber(context) + offset);
    return new Stamp(id, name, clock.instant(), asker.by(), asker.cause());
  }

  private static String text(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return String.valueOf(cause.getMessage());
  }
}
