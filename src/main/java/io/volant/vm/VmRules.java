package io.volant.vm;

import static io.volant.vm.VmReply.Reason.ALREADY_RUNNING;
import static io.volant.vm.VmReply.Reason.ALREADY_STOPPED;
import static io.volant.vm.VmReply.Reason.NOT_FOUND;
import static io.volant.vm.VmReply.Reason.VERSION_MISMATCH;
import static io.volant.vm.VmReply.Reason.WRONG_STATE;

import io.volant.model.Lease;
import io.volant.model.VmId;
import io.volant.vm.Phase.Crashed;
import io.volant.vm.Phase.Deleted;
import io.volant.vm.Phase.Ending;
import io.volant.vm.Phase.Running;
import io.volant.vm.Phase.Starting;
import io.volant.vm.Phase.Stopped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a VM decides when it is told something, in which state: the table behind the actor. Pure.
 */
final class VmRules {

  private VmRules() {}

  static Decision create(VmId id, VmConfig config, @Nullable Lease lease) {
    List<Fact> facts = new ArrayList<>();
    facts.add(stamp -> new VmEvent.Created(stamp, id, 1, config));
    facts.add(stamp -> new VmEvent.StartRequested(stamp, 1));
    if (lease != null) {
      facts.add(stamp -> new VmEvent.AddressLeased(stamp, 1, lease));
    }
    return new Decision.Facts(facts);
  }

  /** What somebody asks for. */
  static Decision order(Vm vm, VmCommand.Order order) {
    return switch (order) {
      case VmCommand.Start _ -> start(vm);
      case VmCommand.Stop _ -> stop(vm);
      case VmCommand.Restart _ -> restart(vm);
      case VmCommand.ChangeConfig(int base, var config, _, _) -> changeConfig(vm, base, config);
    };
  }

  static Decision start(Vm vm) {
    return switch (vm.phase()) {
      case Stopped _, Crashed _ -> Decision.facts(startAgain(vm));
      case Starting _ -> Decision.refusal(ALREADY_RUNNING, vm, "is already starting");
      case Running _ -> Decision.refusal(ALREADY_RUNNING, vm, "is already running");
      case Ending _ ->
          Decision.refusal(WRONG_STATE, vm, "is stopping; start it when it has stopped");
      case Deleted _ -> Decision.refusal(NOT_FOUND, vm, "was deleted");
    };
  }

  static Decision stop(Vm vm) {
    return switch (vm.phase()) {
      case Starting _, Running _ -> Decision.facts(end(vm, Then.STOP));
      case Stopped _ -> Decision.refusal(ALREADY_STOPPED, vm, "is already stopped");
      case Crashed _ ->
          vm.intent().restarts().due() != null
              ? Decision.facts(end(vm, Then.STOP))
              : Decision.refusal(ALREADY_STOPPED, vm, "has crashed and does not run");
      case Ending(var then, _, _, _, _, _) ->
          switch (then) {
            case RESTART -> Decision.facts(end(vm, Then.STOP));
            case CRASH ->
                vm.intent().policy().when() != RestartPolicy.When.NO // it would come again
                    ? Decision.facts(end(vm, Then.STOP))
                    : Decision.refusal(WRONG_STATE, vm, "is already stopping");
            case STOP -> Decision.refusal(WRONG_STATE, vm, "is already stopping");
            case DELETE -> Decision.refusal(WRONG_STATE, vm, "is being deleted");
          };
      case Deleted _ -> Decision.refusal(NOT_FOUND, vm, "was deleted");
    };
  }

  static Decision restart(Vm vm) {
    return switch (vm.phase()) {
      case Starting _, Running _ -> Decision.facts(end(vm, Then.RESTART));
      case Stopped _, Crashed _ -> Decision.facts(startAgain(vm));
      case Ending(var then, _, _, _, _, _) ->
          then == Then.DELETE
              ? Decision.refusal(WRONG_STATE, vm, "is being deleted")
              : Decision.refusal(WRONG_STATE, vm, "is stopping; start it when it has stopped");
      case Deleted _ -> Decision.refusal(NOT_FOUND, vm, "was deleted");
    };
  }

  static Decision delete(Vm vm) {
    return switch (vm.phase()) {
      case Starting _, Running _, Stopped _, Crashed _ -> Decision.facts(end(vm, Then.DELETE));
      case Ending(var then, _, _, _, _, _) ->
          then == Then.DELETE ? Decision.nothing() : Decision.facts(end(vm, Then.DELETE));
      case Deleted _ -> Decision.nothing();
    };
  }

  /** Another config, made from the one with the version {@code base}. */
  static Decision changeConfig(Vm vm, int base, VmConfig config) {
    Vm.Versioned newest = vm.intent().newest();
    VmEvent.During during =
        switch (vm.phase()) {
          case Starting _ -> VmEvent.During.STARTING;
          case Running _ -> VmEvent.During.RUNNING;
          case Ending(var then, _, _, _, _, _) ->
              then == Then.DELETE ? null : VmEvent.During.STOPPING;
          case Stopped _ -> VmEvent.During.STOPPED;
          case Crashed _ -> VmEvent.During.CRASHED;
          case Deleted _ -> null;
        };
    if (during == null) {
      return vm.phase() instanceof Deleted
          ? Decision.refusal(NOT_FOUND, vm, "was deleted")
          : Decision.refusal(WRONG_STATE, vm, "is being deleted");
    }
    if (base != newest.version()) {
      return Decision.refusal(
          VERSION_MISMATCH, vm, "has version " + newest.version() + " of its config, not " + base);
    }
    return config.equals(newest.config())
        ? Decision.nothing()
        : Decision.facts(s -> new VmEvent.ConfigChanged(s, base + 1, during, config));
  }

  /**
   * It crashed and shall be started again: after which pause.
   *
   * @param chance 0 to 1
   */
  static Decision planRestart(Vm vm, Instant now, double chance) {
    if (!(Outstanding.of(vm, false) instanceof Outstanding.PlanRestart)) {
      return Decision.nothing();
    }
    int retries = vm.intent().restarts().retries();
    Instant at = now.plusMillis(vm.intent().policy().pauseMs(retries, chance));
    return Decision.facts(s -> new VmEvent.RestartPlanned(s, vm.attempt(), retries + 1, at));
  }

  /** The pause is over. */
  static Decision restartDue(Vm vm) {
    return Outstanding.of(vm, false) instanceof Outstanding.AwaitRestart
        ? Decision.facts(startAgain(vm))
        : Decision.nothing();
  }

  /**
   * A step of the start was done: it counts while that step is awaited, or when it made a process.
   */
  static Decision stepDone(Vm vm, VmResult.StepDone done) {
    boolean awaited = done.attempt() == vm.attempt();
    return switch (done) {
      case VmResult.ArtifactsFetched(int attempt, var from) ->
          awaited && isAt(vm, StartStep.ARTIFACTS)
              ? Decision.facts(s ->
                  new VmEvent.ArtifactsReady(s, attempt, from.boot(), from.kernel(), from.disks()))
              : Decision.nothing();
      case VmResult.FolderPrepared(int attempt, var made) ->
          awaited && isAt(vm, StartStep.DISKS)
              ? Decision.facts(s -> new VmEvent.DisksReady(s, attempt, made.initrd(), made.disks()))
              : Decision.nothing();
      case VmResult.TapReady(int attempt, var tap) ->
          awaited && isAt(vm, StartStep.TAP)
              ? Decision.facts(s -> new VmEvent.TapUp(s, attempt, tap))
              : Decision.nothing();
      case VmResult.HypervisorLaunched launched -> launched(vm, launched, awaited);
    };
  }

  private static Decision launched(Vm vm, VmResult.HypervisorLaunched launched, boolean awaited) {
    int attempt = launched.attempt();
    Fact fact = s -> new VmEvent.Launched(s, attempt, launched.handle());
    if (awaited && vm.phase() instanceof Ending) { // it must be known before it can be ended
      return Decision.facts(fact);
    }
    if (!awaited || !isAt(vm, StartStep.LAUNCH)) {
      return Decision.nothing();
    }
    if (vm.hasAgent()) {
      return Decision.facts(fact);
    }
    Vm after = vm.withHandle(launched.handle());
    return Decision.facts(fact, s -> GuestNews.running(s, after));
  }

  static Decision stepFailed(Vm vm, VmResult.StepFailed failed) {
    boolean awaited = failed.attempt() == vm.attempt() && isAt(vm, failed.step());
    return awaited
        ? Decision.facts(
            s -> new VmEvent.StartFailed(s, failed.attempt(), failed.step(), failed.reason()))
        : Decision.nothing();
  }

  /** The guest has had its time to come up. */
  static Decision tooLate(Vm vm) {
    return vm.phase() instanceof Starting
        ? Decision.facts(s ->
            new VmEvent.StartFailed(
                s,
                vm.attempt(),
                StartStep.GUEST,
                "its agent did not report a running workload in time"))
        : Decision.nothing();
  }

  static Decision exited(Vm vm, VmResult.HypervisorExited exited) {
    boolean known = exited.attempt() == vm.attempt() && vm.handle() != null;
    return known
        ? Decision.facts(s -> new VmEvent.Exited(s, exited.attempt(), exited.exit()))
        : Decision.nothing();
  }

  /** A round of releasing is over: the last one brings the VM to rest. */
  static Decision released(Vm vm, VmResult.ReleaseTold told) {
    if (!(vm.phase() instanceof Ending ending) || told.attempt() != vm.attempt()) {
      return Decision.nothing();
    }
    List<Fact> facts = new ArrayList<>();
    if (!told.released().isEmpty()) {
      facts.add(s -> new VmEvent.Released(s, told.attempt(), told.released()));
    }
    told.failed()
        .forEach((claim, why) -> {
          String trouble = claim.name().toLowerCase(Locale.ROOT) + ": " + why;
          if (!trouble.equals(ending.trouble())) { // said once, not at every retry
            facts.add(s -> new VmEvent.ReleaseFailed(s, told.attempt(), claim, why));
          }
        });
    if (isFree(vm, told.released(), ending.then())) {
      facts.addAll(rest(vm, ending));
    }
    return new Decision.Facts(facts);
  }

  /** The address is back where it came from: the last thing to be released. */
  static Decision addressReturned(Vm vm) {
    boolean awaited =
        vm.phase() instanceof Ending
            && Outstanding.of(vm, false) instanceof Outstanding.ReturnAddress;
    if (!awaited || !(vm.phase() instanceof Ending ending)) {
      return Decision.nothing();
    }
    List<Fact> facts = new ArrayList<>();
    facts.add(s -> new VmEvent.Released(s, vm.attempt(), Set.of(Claim.ADDRESS)));
    facts.addAll(rest(vm, ending));
    return new Decision.Facts(facts);
  }

  private static boolean isFree(Vm vm, Set<Claim> released, Then then) {
    EnumSet<Claim> left = EnumSet.noneOf(Claim.class);
    left.addAll(vm.holdings().claims());
    left.removeAll(released);
    if (then != Then.DELETE) {
      left.remove(Claim.FOLDER);
    }
    return left.isEmpty();
  }

  private static List<Fact> rest(Vm vm, Ending ending) {
    int attempt = vm.attempt();
    return switch (ending.then()) {
      case STOP -> List.of(s -> new VmEvent.Stopped(s, attempt));
      case RESTART -> List.of(s -> new VmEvent.Stopped(s, attempt), startAgain(vm));
      case DELETE -> List.of(VmEvent.Deleted::new);
      case CRASH -> List.of(s -> new VmEvent.Crashed(s, attempt, ending.reason(), ending.exit()));
    };
  }

  private static Fact startAgain(Vm vm) {
    return stamp -> new VmEvent.StartRequested(stamp, vm.attempt() + 1);
  }

  private static Fact end(Vm vm, Then then) {
    return stamp -> new VmEvent.EndRequested(stamp, vm.attempt(), then);
  }

  private static boolean isAt(Vm vm, StartStep step) {
    return vm.phase() instanceof Starting(var current) && current == step;
  }
}
