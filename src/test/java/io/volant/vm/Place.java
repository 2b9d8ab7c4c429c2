package io.volant.vm;

import io.volant.vm.VmConfig.NetworkMode;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The places in a VM's life, each reached the way in which a VM gets there. First start, bridged.
 */
enum Place {
  AT_ARTIFACTS,
  AT_ADDRESS,
  AT_DISKS,
  AT_TAP,
  AT_LAUNCH,
  AT_GUEST,
  RUNNING,
  UNCERTAIN,
  STOPPING,
  RESTARTING,
  DELETING,
  CRASHING,
  STOPPED,
  CRASHED,
  DELETED;

  /** A VM that is there. */
  Vm vm() {
    return switch (this) {
      case AT_ARTIFACTS -> VmSamples.created(VmSamples.config(NetworkMode.BRIDGED, true));
      case AT_ADDRESS -> after(AT_ARTIFACTS, Place::fetched);
      case AT_DISKS -> after(AT_ADDRESS, Place::lent);
      case AT_TAP -> after(AT_DISKS, Place::prepared);
      case AT_LAUNCH -> after(AT_TAP, Place::connected);
      case AT_GUEST -> after(AT_LAUNCH, Place::launched);
      case RUNNING -> after(AT_GUEST, Place::serving);
      case UNCERTAIN -> after(RUNNING, Place::unsure);
      case STOPPING -> after(RUNNING, VmRules::stop);
      case RESTARTING -> after(RUNNING, VmRules::restart);
      case DELETING -> after(RUNNING, VmRules::delete);
      case CRASHING -> after(AT_GUEST, Place::silent);
      case STOPPED -> rest(STOPPING);
      case CRASHED -> rest(CRASHING);
      case DELETED -> rest(DELETING);
    };
  }

  /** Whether the hypervisor is known to have been started, and not to have ended. */
  boolean hasProcess() {
    return switch (this) {
      case AT_GUEST, RUNNING, UNCERTAIN, STOPPING, RESTARTING, DELETING, CRASHING -> true;
      case AT_ARTIFACTS, AT_ADDRESS, AT_DISKS, AT_TAP, AT_LAUNCH -> false;
      case STOPPED, CRASHED, DELETED -> false;
    };
  }

  private static Vm after(Place place, Function<Vm, Decision> move) {
    Vm vm = place.vm();
    return VmSamples.apply(vm, move.apply(vm));
  }

  private static Vm rest(Place ending) {
    Vm vm = ending.vm();
    vm = VmSamples.apply(vm, VmRules.exited(vm, new VmResult.HypervisorExited(1, VmSamples.EXIT)));
    Set<Claim> claims = Set.of(Claim.PROCESS, Claim.TAP, Claim.RUN_FILES, Claim.FOLDER);
    Set<Claim> released =
        ending == DELETING ? claims : Set.of(Claim.PROCESS, Claim.TAP, Claim.RUN_FILES);
    VmResult.ReleaseTold told = new VmResult.ReleaseTold(1, released, Map.of());
    vm = VmSamples.apply(vm, VmRules.released(vm, told));
    return VmSamples.apply(vm, VmRules.addressReturned(vm));
  }

  private static Decision fetched(Vm vm) {
    return VmRules.stepDone(vm, new VmResult.ArtifactsFetched(1, VmSamples.SOURCES));
  }

  private static Decision lent(Vm vm) {
    return Decision.facts(stamp -> new VmEvent.AddressLeased(stamp, 1, VmSamples.LEASE));
  }

  private static Decision prepared(Vm vm) {
    return VmRules.stepDone(vm, new VmResult.FolderPrepared(1, VmSamples.PREPARED));
  }

  private static Decision connected(Vm vm) {
    return VmRules.stepDone(vm, new VmResult.TapReady(1, "vt7"));
  }

  private static Decision launched(Vm vm) {
    return VmRules.stepDone(vm, new VmResult.HypervisorLaunched(1, VmSamples.handle(101)));
  }

  private static Decision serving(Vm vm) {
    GuestSignal started = new GuestSignal.WorkloadStarted(1, 42, 80);
    return new Decision.Facts(GuestNews.of(vm, started, VmSamples.NOW));
  }

  private static Decision unsure(Vm vm) {
    return Decision.facts(stamp -> new VmEvent.AdoptionUnsure(stamp, 1, "no answer"));
  }

  private static Decision silent(Vm vm) {
    return VmRules.stepFailed(vm, new VmResult.StepFailed(1, StartStep.GUEST, "no sign of life"));
  }
}
