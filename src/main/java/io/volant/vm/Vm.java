package io.volant.vm;

import io.volant.model.Asker;
import io.volant.model.Stamp;
import io.volant.model.VmId;
import io.volant.vm.Phase.Crashed;
import io.volant.vm.Phase.Deleted;
import io.volant.vm.Phase.Ending;
import io.volant.vm.Phase.Running;
import io.volant.vm.Phase.Starting;
import io.volant.vm.Phase.Stopped;
import io.volant.vm.Phase.WorkloadRun;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A VM: the fold of its events.
 *
 * @param identity what never changes
 * @param config what it was started with, or, at rest, will be
 * @param intent what is wanted of it
 * @param phase where it is in its life
 * @param holdings what it holds on the host
 * @param timeline its latest start
 * @param updatedAt time of the latest event
 */
public record Vm(
    Identity identity,
    Versioned config,
    Intent intent,
    Phase phase,
    Holdings holdings,
    Timeline timeline,
    Instant updatedAt)
    implements VmState {

  /**
   * What never changes.
   *
   * @param maker who had it made, and because of what
   */
  public record Identity(VmId id, String name, Instant createdAt, Asker maker) {}

  /** A config and how many there were, from 1. */
  public record Versioned(int version, VmConfig config) {}

  static Vm created(VmEvent.Created event) {
    Stamp stamp = event.stamp();
    Versioned first = new Versioned(event.version(), event.config());
    return new Vm(
        new Identity(event.vmId(), stamp.name(), stamp.at(), new Asker(stamp.by(), stamp.cause())),
        first,
        new Intent(first, stamp.at(), stamp.cause(), Restarts.none()),
        new Stopped(null),
        Holdings.none(),
        Timeline.none().with("created", stamp.at()),
        stamp.at());
  }

  public VmId id() {
    return identity.id();
  }

  public String name() {
    return identity.name();
  }

  /** Counts the starts; 0: never started. */
  public int attempt() {
    return timeline.attempt();
  }

  /** The request or event that the latest start goes back to. */
  String startCause() {
    return timeline.cause();
  }

  /** Whether PID 1 is our agent. */
  public boolean hasAgent() {
    return config.config().workload().agent();
  }

  /** Whether somebody asks its workload how it is: the agent, or this host over the network. */
  boolean isProbed() {
    VmConfig asked = config.config();
    return asked.workload().port() != null
        && (hasAgent() || asked.network() == VmConfig.NetworkMode.BRIDGED);
  }

  /** Whether it does its work: healthy, or running where nobody asks how it is. */
  public boolean isReady() {
    return phase instanceof Running running && (running.health() == Health.HEALTHY || !isProbed());
  }

  public @Nullable VmHandle handle() {
    return holdings.handle();
  }

  /** This VM as it will be once its launch is stored. */
  Vm withHandle(VmHandle handle) {
    return with(phase, holdings.with(handle), timeline, updatedAt);
  }

  @Override
  public Vm on(VmEvent event) {
    Instant at = event.stamp().at();
    return switch (event) {
      case VmEvent.Created _ -> throw VmState.misfit(event, this);
      case VmEvent.ConfigChanged e -> configChanged(e);
      case VmEvent.StartRequested e -> startRequested(e);
      case VmEvent.ArtifactsReady e ->
          stepDone(
              event,
              StartStep.ARTIFACTS,
              holdings.with(new Holdings.Sources(e.artifact(), e.disks(), e.kernel())));
      case VmEvent.AddressLeased e -> addressLeased(e);
      case VmEvent.DisksReady e ->
          stepDone(
              event, StartStep.DISKS, holdings.with(new Holdings.Prepared(e.initrd(), e.disks())));
      case VmEvent.TapUp _ -> stepDone(event, StartStep.TAP, holdings);
      case VmEvent.Launched e -> launched(e);
      case VmEvent.LinkUp e ->
          with(phase, holdings, timeline.with("link_up", at).with(e.guestSteps()), at);
      case VmEvent.WorkloadStarted e -> workloadStarted(e);
      case VmEvent.WorkloadExited e -> workloadExited(e);
      case VmEvent.Running _ ->
          with(phase instanceof Running ? phase : up(), holdings, timeline.with("running", at), at);
      case VmEvent.HealthChanged e -> healthChanged(e);
      case VmEvent.StartFailed e ->
          ending(Then.CRASH, event, describe(e.step()) + ": " + e.reason(), null);
      case VmEvent.EndRequested e -> endRequested(e);
      case VmEvent.Exited e -> exited(e);
      case VmEvent.Adopted _ -> known(true, null, at);
      case VmEvent.AdoptionUnsure e -> known(false, e.reason(), at);
      case VmEvent.Released e -> with(untroubled(), holdings.without(e.claims()), timeline, at);
      case VmEvent.ReleaseFailed e -> releaseFailed(e);
      case VmEvent.Stopped _ -> settled(event, new Stopped(exitOf(phase)));
      case VmEvent.Crashed e -> crashed(e);
      case VmEvent.RestartPlanned e -> restartPlanned(e);
      case VmEvent.Deleted _ -> settled(event, new Deleted());
    };
  }

  private Vm startRequested(VmEvent.StartRequested event) {
    if (!(phase instanceof Stopped || phase instanceof Crashed)) {
      throw VmState.misfit(event, this);
    }
    Instant at = event.stamp().at();
    List<Timeline.Mark> before = event.attempt() == 1 ? timeline.marks() : List.of();
    Timeline fresh = new Timeline(event.attempt(), event.stamp().cause(), before);
    return new Vm(
        identity,
        intent.newest(),
        intent.with(intent.restarts().started(event.stamp().cause())),
        new Starting(StartStep.ARTIFACTS),
        holdings,
        fresh.with("start_requested", at),
        at);
  }

  private Vm stepDone(VmEvent event, StartStep step, Holdings now) {
    Instant at = event.stamp().at();
    Timeline marked = timeline.with(event.type().substring("vm.".length()), at);
    if (!(phase instanceof Starting(var current)) || current != step) {
      throw VmState.misfit(event, this);
    }
    StartStep next = nextStep(step, now);
    return with(new Starting(next), now.claiming(next.claims()), marked, at);
  }

  /** The next step; an address that the VM brought with it is not asked for again. */
  private StartStep nextStep(StartStep step, Holdings now) {
    VmConfig.NetworkMode network = config.config().network();
    StartStep next = step.next(network);
    return next == StartStep.ADDRESS && now.lease() != null ? next.next(network) : next;
  }

  private Vm addressLeased(VmEvent.AddressLeased event) {
    Holdings leased = holdings.with(event.lease());
    if (phase instanceof Starting(var step) && step == StartStep.ADDRESS) {
      return stepDone(event, StartStep.ADDRESS, leased);
    }
    Instant at = event.stamp().at();
    return with(phase, leased, timeline.with("address_leased", at), at);
  }

  private Vm launched(VmEvent.Launched event) {
    Holdings now = holdings.with(event.handle());
    if (phase instanceof Ending) { // asked to end while it was being launched
      return with(phase, now, timeline, event.stamp().at());
    }
    return stepDone(event, StartStep.LAUNCH, now);
  }

  /** The phase that a finished start leads to. */
  private Running up() {
    return new Running(true, WorkloadRun.none(), Health.UNKNOWN, null);
  }

  private Vm workloadStarted(VmEvent.WorkloadStarted event) {
    Instant at = event.stamp().at();
    Running was = phase instanceof Running running ? running : up();
    Phase now = was.with(new WorkloadRun(event.run(), true));
    return with(now, holdings, timeline.with("workload_started", at), at);
  }

  private Vm workloadExited(VmEvent.WorkloadExited event) {
    Running was = phase instanceof Running running ? running : up();
    String how =
        event.signal() != null
            ? " by signal " + event.signal()
            : event.code() != null ? " with code " + event.code() : "";
    Phase now =
        was.with(new WorkloadRun(event.run(), false))
            .with(Health.UNHEALTHY, "the workload ended" + how);
    return with(now, holdings, timeline, event.stamp().at());
  }

  private Vm healthChanged(VmEvent.HealthChanged event) {
    Instant at = event.stamp().at();
    Timeline marked = event.health() == Health.HEALTHY ? timeline.with("healthy", at) : timeline;
    if (phase instanceof Running running) {
      return with(running.with(event.health(), event.detail()), holdings, marked, at);
    }
    throw VmState.misfit(event, this);
  }

  private Vm endRequested(VmEvent.EndRequested event) {
    Holdings now = event.then() == Then.DELETE ? holdings.claiming(Set.of(Claim.FOLDER)) : holdings;
    VmExit exit = exitOf(phase);
    Stamp stamp = event.stamp();
    Phase ending = new Ending(event.then(), stamp.by(), stamp.cause(), "", exit, null);
    return with(ending, now, timeline, stamp.at()).with(intent.restarts().cancelled());
  }

  private Vm exited(VmEvent.Exited event) {
    Instant at = event.stamp().at();
    Holdings now = holdings.withoutProcess();
    return switch (phase) {
      case Ending(var then, var by, var cause, var reason, _, var trouble) ->
          with(new Ending(then, by, cause, reason, event.exit(), trouble), now, timeline, at);
      case Starting _, Running _ ->
          with(phase, now, timeline, at)
              .ending(Then.CRASH, event, event.exit().reason(), event.exit());
      case Stopped _, Crashed _, Deleted _ -> throw VmState.misfit(event, this);
    };
  }

  private Vm ending(Then then, VmEvent event, String reason, @Nullable VmExit exit) {
    Stamp stamp = event.stamp();
    Phase ending = new Ending(then, Stamp.SYSTEM, stamp.id(), reason, exit, null);
    Duration ran = timeline.at("running").map(up -> Duration.between(up, stamp.at())).orElse(null);
    return with(ending, holdings, timeline, stamp.at()).with(intent.restarts().fell(ran));
  }

  private Vm known(boolean certain, @Nullable String detail, Instant at) {
    Phase now =
        phase instanceof Running(_, var run, _, _)
            ? new Running(certain, run, Health.UNKNOWN, detail)
            : phase;
    return with(now, holdings, timeline, at);
  }

  private Phase untroubled() {
    return phase instanceof Ending(var then, var by, var cause, var reason, var exit, _)
        ? new Ending(then, by, cause, reason, exit, null)
        : phase;
  }

  private Vm releaseFailed(VmEvent.ReleaseFailed event) {
    String trouble = event.claim().name().toLowerCase(Locale.ROOT) + ": " + event.reason();
    if (phase instanceof Ending(var then, var by, var cause, var reason, var exit, _)) {
      Phase now = new Ending(then, by, cause, reason, exit, trouble);
      return with(now, holdings, timeline, event.stamp().at());
    }
    throw VmState.misfit(event, this);
  }

  private Vm settled(VmEvent event, Phase rest) {
    if (!(phase instanceof Ending)) {
      throw VmState.misfit(event, this);
    }
    Instant at = event.stamp().at();
    return new Vm(identity, intent.newest(), intent, rest, holdings, timeline, at);
  }

  private Vm crashed(VmEvent.Crashed event) {
    Restarts now = intent.restarts().crashed(intent.policy(), event.exit(), event.stamp().id());
    return settled(event, new Crashed(event.reason(), event.exit())).with(now);
  }

  private Vm restartPlanned(VmEvent.RestartPlanned event) {
    if (!(phase instanceof Crashed)) {
      throw VmState.misfit(event, this);
    }
    return with(phase, holdings, timeline, event.stamp().at())
        .with(intent.restarts().planned(event));
  }

  /** A start uses the newest config; what was started keeps its own until then. */
  private Vm configChanged(VmEvent.ConfigChanged event) {
    Intent now = intent.changed(event);
    Versioned used = atRest() ? now.newest() : config;
    return new Vm(identity, used, now, phase, holdings, timeline, event.stamp().at());
  }

  /** Whether nothing of it runs, or is on its way there. */
  public boolean atRest() {
    return switch (phase) {
      case Stopped _, Crashed _, Deleted _ -> true;
      case Starting _, Running _, Ending _ -> false;
    };
  }

  private static @Nullable VmExit exitOf(Phase phase) {
    return switch (phase) {
      case Ending ending -> ending.exit();
      case Stopped(var exit) -> exit;
      case Crashed(_, var exit) -> exit;
      case Starting _, Running _, Deleted _ -> null;
    };
  }

  private static String describe(StartStep step) {
    return switch (step) {
      case ARTIFACTS -> "fetching what it boots from";
      case ADDRESS -> "getting an address";
      case DISKS -> "preparing its folder and disks";
      case TAP -> "setting up its network device";
      case LAUNCH -> "launching the hypervisor";
      case GUEST -> "waiting for the guest";
    };
  }

  private Vm with(Phase newPhase, Holdings newHoldings, Timeline newTimeline, Instant at) {
    return new Vm(identity, config, intent, newPhase, newHoldings, newTimeline, at);
  }

  private Vm with(Restarts restarts) {
    return new Vm(identity, config, intent.with(restarts), phase, holdings, timeline, updatedAt);
  }
}
