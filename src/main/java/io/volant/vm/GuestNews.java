package io.volant.vm;

import io.volant.model.Stamp;
import io.volant.vm.GuestSignal.HealthChanged;
import io.volant.vm.GuestSignal.Ready;
import io.volant.vm.GuestSignal.WorkloadExited;
import io.volant.vm.GuestSignal.WorkloadStarted;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides which events a guest's words are worth: only what is new. Pure. The agent repeats where
 * things stand on every new connection, and a hostile one may say anything.
 */
final class GuestNews {

  private static final int TEXT_MAX = 200;

  /** Ten years: no guest is older. */
  private static final long DURATION_MS_MAX = 10L * 366 * 24 * 3_600 * 1_000;

  private GuestNews() {}

  /** The facts that follow from a signal, still to be stamped; empty: nothing new. */
  static List<Fact> of(Vm vm, GuestSignal signal, Instant now) {
    if (vm.handle() == null) { // whoever speaks, it is not this start's guest
      return List.of();
    }
    return switch (signal) {
      case Ready ready -> ready(vm, ready, now);
      case WorkloadStarted started -> started(vm, started);
      case WorkloadExited exited -> exited(vm, exited);
      case HealthChanged changed -> health(vm, changed);
      case GuestSignal.LinkUp _, GuestSignal.LinkDown _, GuestSignal.Stats _ -> List.of();
    };
  }

  private static List<Fact> ready(Vm vm, Ready ready, Instant now) {
    if (!(vm.phase() instanceof Phase.Starting) || vm.timeline().has("link_up")) {
      return List.of();
    }
    Instant readyAt = now.minusMillis(bounded(ready.sinceMs()));
    List<Timeline.Mark> marks =
        ready.steps().stream()
            .map(step ->
                new Timeline.Mark(
                    cut(step.step()),
                    readyAt.minusMillis(bounded(ready.uptimeMs()) - bounded(step.uptimeMs())),
                    Timeline.Source.GUEST))
            .toList();
    return List.of(stamp -> new VmEvent.LinkUp(stamp, vm.attempt(), marks));
  }

  private static List<Fact> started(Vm vm, WorkloadStarted started) {
    Fact fact =
        stamp -> new VmEvent.WorkloadStarted(stamp, vm.attempt(), started.attempt(), started.pid());
    if (vm.phase() instanceof Phase.Starting) {
      return withRunning(vm, fact);
    }
    boolean isNew =
        vm.phase() instanceof Phase.Running running
            && started.attempt() > running.workload().number();
    return isNew ? List.of(fact) : List.of();
  }

  private static List<Fact> exited(Vm vm, WorkloadExited exited) {
    Fact fact =
        stamp ->
            new VmEvent.WorkloadExited(
                stamp,
                vm.attempt(),
                exited.attempt(),
                exited.code(),
                exited.signal(),
                exited.restartInMs());
    if (vm.phase() instanceof Phase.Starting) {
      return withRunning(vm, fact);
    }
    if (!(vm.phase() instanceof Phase.Running running)) {
      return List.of();
    }
    Phase.WorkloadRun run = running.workload();
    boolean isNew =
        exited.attempt() > run.number() || (exited.attempt() == run.number() && run.alive());
    return isNew ? List.of(fact) : List.of();
  }

  /** The workload's first sign of life is what ends a start. */
  private static List<Fact> withRunning(Vm vm, Fact fact) {
    List<Fact> facts = new ArrayList<>();
    if (!vm.timeline().has("link_up")) {
      facts.add(stamp -> new VmEvent.LinkUp(stamp, vm.attempt(), List.of()));
    }
    facts.add(fact);
    facts.add(stamp -> running(stamp, vm));
    return facts;
  }

  /** The fact that a VM is up, with what clients show. */
  static VmEvent.Running running(Stamp stamp, Vm vm) {
    VmHandle handle = vm.handle();
    io.volant.model.Lease lease = vm.holdings().lease();
    return new VmEvent.Running(
        stamp,
        vm.attempt(),
        handle == null ? 0 : handle.pid(),
        lease == null ? null : lease.ipAddress(),
        lease == null ? null : lease.mac());
  }

  private static List<Fact> health(Vm vm, HealthChanged changed) {
    if (!(vm.phase() instanceof Phase.Running running)) {
      return List.of();
    }
    boolean dead =
        vm.hasAgent() && !running.workload().alive() && changed.health() == Health.HEALTHY;
    @Nullable String detail = changed.detail() == null ? null : cut(changed.detail());
    // what keeps a first success away is worth an event of its own: somebody waits for it
    boolean explains =
        changed.health() == Health.UNKNOWN && detail != null && !detail.equals(running.detail());
    if ((running.health() == changed.health() && !explains) || dead) {
      return List.of();
    }
    return List.of(
        stamp -> new VmEvent.HealthChanged(stamp, vm.attempt(), changed.health(), detail));
  }

  /** A guest's idea of a duration, as far as it can be one. */
  private static long bounded(long durationMs) {
    return Math.clamp(durationMs, 0, DURATION_MS_MAX);
  }

  private static String cut(String text) {
    return text.length() <= TEXT_MAX ? text : text.substring(0, TEXT_MAX);
  }
}
