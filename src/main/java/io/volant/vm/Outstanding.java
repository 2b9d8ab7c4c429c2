package io.volant.vm;

import io.volant.vm.Phase.Crashed;
import io.volant.vm.Phase.Deleted;
import io.volant.vm.Phase.Ending;
import io.volant.vm.Phase.Running;
import io.volant.vm.Phase.Starting;
import io.volant.vm.Phase.Stopped;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What is to be done next for a VM: read off its state, after every event and every restart. */
sealed interface Outstanding {

  /** Do this step of the start. */
  record Step(StartStep step) implements Outstanding {}

  /** Ask the host for an address. */
  record AskAddress() implements Outstanding {}

  /** Find out what became of the recorded process, then watch it. */
  record Adopt() implements Outstanding {}

  /** Ask the guest to power off. */
  record Shutdown() implements Outstanding {}

  /** End the process by force. */
  record Kill() implements Outstanding {}

  /** Give these back, in the order process, tap, run files, folder. */
  record Release(Set<Claim> claims) implements Outstanding {}

  /** Give the address back: last, when nothing uses it any more. */
  record ReturnAddress() implements Outstanding {}

  /** Decide when a VM that crashed is started again. */
  record PlanRestart() implements Outstanding {}

  /** Start it again at that time. */
  record AwaitRestart(Instant at) implements Outstanding {}

  /** Wait for something to happen. */
  record Nothing() implements Outstanding {}

  /** Whether {@code result} tells how this went; what came too late for its turn tells nothing. */
  default boolean isAnsweredBy(VmResult result) {
    return switch (this) {
      case Step(var step) ->
          (result instanceof VmResult.StepDone done && done.step() == step)
              || (result instanceof VmResult.StepFailed failed && failed.step() == step);
      case Adopt _ -> result instanceof VmResult.AdoptionTold;
      case Kill _ -> result instanceof VmResult.KillFailed;
      case Release _ -> result instanceof VmResult.ReleaseTold;
      case AskAddress _, ReturnAddress _, Shutdown _, PlanRestart _, AwaitRestart _, Nothing _ ->
          false;
    };
  }

  /**
   * What is to be done.
   *
   * @param watched whether the recorded process is being watched by this daemon
   */
  static Outstanding of(Vm vm, boolean watched) {
    boolean unwatched = vm.handle() != null && !watched;
    return switch (vm.phase()) {
      case Starting(var step) -> starting(step, unwatched);
      case Running _ -> unwatched ? new Adopt() : new Nothing();
      case Ending ending -> ending(vm, ending.then(), unwatched);
      case Crashed _ -> crashed(vm.intent().restarts().due());
      case Stopped _, Deleted _ -> new Nothing();
    };
  }

  private static Outstanding crashed(Restarts.@Nullable Due due) {
    if (due == null) {
      return new Nothing();
    }
    Instant at = due.at();
    return at == null ? new PlanRestart() : new AwaitRestart(at);
  }

  private static Outstanding starting(StartStep step, boolean unwatched) {
    return switch (step) {
      case ADDRESS -> new AskAddress();
      case ARTIFACTS, DISKS, TAP, LAUNCH -> new Step(step);
      case GUEST -> unwatched ? new Adopt() : new Nothing();
    };
  }

  private static Outstanding ending(Vm vm, Then then, boolean unwatched) {
    if (unwatched) {
      return new Adopt();
    }
    if (vm.handle() != null) {
      boolean orderly = then == Then.STOP || then == Then.RESTART;
      return orderly && vm.hasAgent() ? new Shutdown() : new Kill();
    }
    EnumSet<Claim> claims = EnumSet.noneOf(Claim.class);
    claims.addAll(vm.holdings().claims());
    if (then != Then.DELETE) {
      claims.remove(Claim.FOLDER);
    }
    boolean address = claims.remove(Claim.ADDRESS);
    return claims.isEmpty() && address ? new ReturnAddress() : new Release(claims);
  }
}
