package io.volant.vm;

import java.util.Set;

/** The steps of a start, in their order. */
public enum StartStep {
  ARTIFACTS,
  ADDRESS,
  DISKS,
  TAP,
  LAUNCH,
  /** Waiting for the guest: first the agent, then its workload. */
  GUEST;

  /** The step after this one, for a VM with this network. */
  StartStep next(VmConfig.NetworkMode network) {
    boolean bridged = network == VmConfig.NetworkMode.BRIDGED;
    return switch (this) {
      case ARTIFACTS -> bridged ? ADDRESS : DISKS;
      case ADDRESS -> DISKS;
      case DISKS -> bridged ? TAP : LAUNCH;
      case TAP -> LAUNCH;
      case LAUNCH, GUEST -> GUEST;
    };
  }

  /** What may exist on the host once this step has begun, whether or not it was finished. */
  Set<Claim> claims() {
    return switch (this) {
      case ADDRESS -> Set.of(Claim.ADDRESS);
      case DISKS -> Set.of(Claim.FOLDER, Claim.RUN_FILES);
      case TAP -> Set.of(Claim.TAP);
      case LAUNCH -> Set.of(Claim.PROCESS);
      case ARTIFACTS, GUEST -> Set.of();
    };
  }
}
