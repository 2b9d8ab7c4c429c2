package io.volant.vm;

import io.volant.model.Lease;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * Does what is outstanding for one VM: one effect at a time, through the ports; results come back
 * to the actor as {@link VmResult}s. What this remembers is only what this daemon has begun, and
 * may be forgotten at any time: a new daemon reads from the state what to do again.
 */
final class VmWork {

  /** What this is given. */
  record Tools(
      VmPorts ports,
      VmSettings settings,
      VmActor.Place place,
      ActorContext<VmMessage> context,
      TimerScheduler<VmMessage> timers) {}

  private static final Duration ADDRESS_PATIENCE = Duration.ofSeconds(5);

  private static final Duration GUEST_PAUSE = Duration.ofSeconds(1);

  private final Tools tools;
  private final ReleaseRound releaseRound;
  private final StartWork startWork;
  private @Nullable Outstanding inFlight;
  private boolean launchedHere;
  private boolean watched;
  private boolean shutdownAsked;
  private boolean forceWanted;
  private long retryMs;

  VmWork(Tools tools) {
    this.tools = tools;
    this.releaseRound = new ReleaseRound(tools.ports());
    this.startWork = new StartWork(tools.ports(), tools.settings());
    this.retryMs = tools.settings().retryMinMs();
  }

  /** Begins what is outstanding, unless something is in flight whose result must be known first. */
  void resume(Vm vm) {
    if (vm.handle() != null && launchedHere) {
      watch(vm);
    }
    Outstanding next = Outstanding.of(vm, watched);
    if (inFlight != null && !isHarmless(inFlight)) {
      return;
    }
    if (next.equals(inFlight)) {
      return;
    }
    begin(next, vm);
  }

  /**
   * A result came. False: nothing that is in flight is answered by it. It then belongs to an
   * earlier turn, and must not make room for a second effect beside the one that is under way.
   */
  boolean lands(Vm vm, VmResult result) {
    boolean awaited =
        result.attempt() == vm.attempt() && inFlight != null && inFlight.isAnsweredBy(result);
    if (awaited) {
      landed();
    }
    return awaited;
  }

  /** The host answered about the address. False: nobody asks any more. */
  boolean addressLands() {
    boolean awaited = isAboutAddress(inFlight);
    if (awaited) {
      landed();
    }
    return awaited;
  }

  private void landed() {
    inFlight = null;
    cancel(VmResult.Alarm.Kind.RETRY);
  }

  /** The pause is over: the host has not answered, or something failed. */
  void retry(Vm vm) {
    if (isAboutAddress(inFlight)) {
      inFlight = null;
    }
    resume(vm);
  }

  /**
   * The actor has read its journal again because a write failed. What is in flight still is; timers
   * are not, nor what was said to the host. What the guest said may have been lost with the write,
   * so it is asked again.
   */
  void recovered(Vm vm) {
    if (watched && vm.handle() != null) {
      listen(vm);
    }
    if (watched && vm.phase() instanceof Phase.Starting) {
      alarm(vm, VmResult.Alarm.Kind.START, Duration.ofMillis(tools.settings().startTimeoutMs()));
    }
    if (inFlight instanceof Outstanding.Shutdown) {
      alarm(vm, VmResult.Alarm.Kind.STOP, Duration.ofMillis(tools.settings().stopTimeoutMs()));
    }
    if (isAboutAddress(inFlight) || isAboutRestart(inFlight)) {
      inFlight = null;
    }
  }

  private static boolean isAboutRestart(@Nullable Outstanding work) {
    return work instanceof Outstanding.PlanRestart || work instanceof Outstanding.AwaitRestart;
  }

  private static boolean isAboutAddress(@Nullable Outstanding work) {
    return work instanceof Outstanding.AskAddress || work instanceof Outstanding.ReturnAddress;
  }

  /** The process was launched by this daemon: there is nothing to adopt. */
  void launched() {
    launchedHere = true;
  }

  /** A result came that lets a failed thing count as mended. */
  void mended() {
    retryMs = tools.settings().retryMinMs();
  }

  /** Tries again after a pause that doubles each time. */
  void retryLater(Vm vm) {
    alarm(vm, VmResult.Alarm.Kind.RETRY, Duration.ofMillis(retryMs));
    retryMs = Math.min(2 * retryMs, tools.settings().retryMaxMs());
  }

  /** The guest has had its time: force is used, if there still is something to end. */
  void useForce(Vm vm) {
    if (vm.handle() == null || !(inFlight instanceof Outstanding.Shutdown)) {
      return;
    }
    forceWanted = true;
    inFlight = null;
    resume(vm);
  }

  /** The process runs, and this daemon knows: watch it, listen to its guest. */
  void watch(Vm vm) {
    VmHandle handle = Objects.requireNonNull(vm.handle());
    int attempt = vm.attempt();
    watched = true;
    launchedHere = false;
    forceWanted = false;
    shutdownAsked = false;
    pipe(
        tools.ports().hypervisor().exited(handle),
        (exit, failure) -> new VmResult.HypervisorExited(attempt, exitOr(exit, failure)));
    listen(vm);
    if (vm.phase() instanceof Phase.Starting) {
      alarm(vm, VmResult.Alarm.Kind.START, Duration.ofMillis(tools.settings().startTimeoutMs()));
    }
  }

  /** Listens to the guest, which first repeats where things stand. */
  private void listen(Vm vm) {
    LinkAddress link = Objects.requireNonNull(vm.handle()).link();
    int attempt = vm.attempt();
    ActorRef<VmMessage> self = tools.context().getSelf();
    Consumer<GuestSignal> ear = signal -> self.tell(new VmResult.GuestSaid(attempt, signal));
    Lease lease = vm.holdings().lease();
    if (link.kind() != LinkAddress.Kind.NONE) {
      tools.ports().guest().open(vm.id(), link, ear);
    } else if (lease != null && vm.isProbed()) {
      VmConfig.Workload workload = vm.config().config().workload();
      int port = Objects.requireNonNull(workload.port());
      VmConfig.HealthCheck check = workload.health();
      tools
          .ports()
          .probes()
          .open(
              vm.id(),
              new HealthProbes.Target(lease.ipAddress(), port, check.path(), check.timeoutMs()),
              ear::accept);
    }
  }

  /** The process is gone. */
  void unwatch(Vm vm) {
    watched = false;
    tools.ports().guest().close(vm.id());
    tools.ports().probes().close(vm.id());
    for (VmResult.Alarm.Kind kind : VmResult.Alarm.Kind.values()) {
      cancel(kind);
    }
    // what was in flight was about the process (adopt, shutdown, kill): it has its answer
    inFlight = null;
  }

  /** The link is down: unless it comes back, the health is not known any more. */
  void alarmSilence(Vm vm) {
    if (!tools.timers().isTimerActive(VmResult.Alarm.Kind.SILENCE)) {
      alarm(vm, VmResult.Alarm.Kind.SILENCE, Duration.ofMillis(tools.settings().silenceMs()));
    }
  }

  /** There will be room for what the guest said. */
  void alarmGuest(Vm vm) {
    alarm(vm, VmResult.Alarm.Kind.GUEST, GUEST_PAUSE);
  }

  private void alarm(Vm vm, VmResult.Alarm.Kind kind, Duration after) {
    tools.timers().startSingleTimer(kind, new VmResult.Alarm(vm.attempt(), kind), after);
  }

  void cancel(VmResult.Alarm.Kind kind) {
    tools.timers().cancel(kind);
  }

  /**
   * Fetching acquires nothing, and the address is asked for and returned by idempotent messages.
   */
  private static boolean isHarmless(Outstanding work) {
    return switch (work) {
      case Outstanding.Step(var step) -> step == StartStep.ARTIFACTS;
      case Outstanding.AskAddress _, Outstanding.ReturnAddress _, Outstanding.Shutdown _ -> true;
      case Outstanding.PlanRestart _, Outstanding.AwaitRestart _ -> true;
      case Outstanding.Adopt _, Outstanding.Kill _, Outstanding.Release _ -> false;
      case Outstanding.Nothing _ -> true;
    };
  }

  private void begin(Outstanding next, Vm vm) {
    inFlight = next;
    cancel(VmResult.Alarm.Kind.RETRY);
    switch (next) {
      case Outstanding.Step(var step) -> tryStep(step, vm);
      case Outstanding.AskAddress _ -> {
        tools.place().host().tell(new VmNotice.AddressWanted(vm.id(), vm.attempt()));
        alarm(vm, VmResult.Alarm.Kind.RETRY, ADDRESS_PATIENCE);
      }
      case Outstanding.Adopt _ -> adopt(vm);
      case Outstanding.Shutdown _ -> shutdown(vm);
      case Outstanding.Kill _ -> kill(vm);
      case Outstanding.Release(var claims) -> {
        int attempt = vm.attempt();
        pipe(
            releaseRound.run(vm, claims),
            (told, failure) -> ReleaseRound.toldOr(attempt, claims, told, failure));
      }
      case Outstanding.ReturnAddress _ -> {
        tools.place().host().tell(new VmNotice.AddressUnwanted(vm.id()));
        alarm(vm, VmResult.Alarm.Kind.RETRY, ADDRESS_PATIENCE);
      }
      case Outstanding.PlanRestart _ -> alarm(vm, VmResult.Alarm.Kind.PLAN, Duration.ZERO);
      case Outstanding.AwaitRestart(var at) -> awaitRestart(vm, at);
      case Outstanding.Nothing _ -> inFlight = null;
    }
  }

  /** A clock that was set back makes nobody wait longer than the longest pause. */
  private void awaitRestart(Vm vm, Instant at) {
    long pauseMs = Duration.between(tools.place().clock().instant(), at).toMillis();
    long boundedMs = Math.clamp(pauseMs, 0, vm.intent().policy().backoffMaxMs());
    alarm(vm, VmResult.Alarm.Kind.RESTART, Duration.ofMillis(boundedMs));
  }

  /** A step that cannot even begin has failed; it must not take the actor with it. */
  private void tryStep(StartStep step, Vm vm) {
    int attempt = vm.attempt();
    try {
      pipe(
          startWork.begin(step, vm),
          (done, failure) ->
              done != null
                  ? done
                  : new VmResult.StepFailed(attempt, step, ReleaseRound.text(failure)));
    } catch (IllegalArgumentException refused) {
      tools
          .context()
          .getSelf()
          .tell(new VmResult.StepFailed(attempt, step, ReleaseRound.text(refused)));
    }
  }

  private void adopt(Vm vm) {
    int attempt = vm.attempt();
    VmHandle handle = Objects.requireNonNull(vm.handle());
    pipe(
        tools.ports().hypervisor().adopt(handle),
        (adoption, failure) ->
            new VmResult.AdoptionTold(
                attempt,
                adoption != null ? adoption : new Adoption.Unsure(ReleaseRound.text(failure))));
  }

  private void shutdown(Vm vm) {
    if (forceWanted) {
      begin(new Outstanding.Kill(), vm);
      return;
    }
    if (shutdownAsked) {
      return;
    }
    shutdownAsked = true;
    int attempt = vm.attempt();
    alarm(vm, VmResult.Alarm.Kind.STOP, Duration.ofMillis(tools.settings().stopTimeoutMs()));
    ActorRef<VmMessage> self = tools.context().getSelf();
    tools
        .ports()
        .guest()
        .shutdown(vm.id())
        .whenComplete((_, failure) -> {
          if (failure != null) { // nobody there to ask: do not wait for nothing
            self.tell(new VmResult.Alarm(attempt, VmResult.Alarm.Kind.STOP));
          }
        });
  }

  private void kill(Vm vm) {
    KillSpec spec = new KillSpec(vm.id(), tools.ports().folders().pathOf(vm.id()), vm.handle());
    int attempt = vm.attempt();
    ActorRef<VmMessage> self = tools.context().getSelf();
    tools
        .ports()
        .hypervisor()
        .kill(spec)
        .whenComplete((_, failure) -> {
          if (failure != null) { // the exit itself is told by the watch
            self.tell(new VmResult.KillFailed(attempt, ReleaseRound.text(failure)));
          }
        });
  }

  private <T> void pipe(
      CompletionStage<? extends T> stage,
      BiFunction<@Nullable T, @Nullable Throwable, VmMessage> toMessage) {
    ActorRef<VmMessage> self = tools.context().getSelf();
    stage.whenComplete((result, failure) -> self.tell(toMessage.apply(result, failure)));
  }

  private static VmExit exitOr(@Nullable VmExit exit, @Nullable Throwable failure) {
    return exit != null
        ? exit
        : new VmExit(null, null, "the watch failed: " + ReleaseRound.text(failure), List.of());
  }
}
