package io.volant.vm;

import java.util.Map;
import java.util.Set;

/** What the effects of a VM's actor answer; each carries the attempt that it belongs to. */
sealed interface VmResult extends VmMessage {

  int attempt();

  /** A step of the start was done. */
  sealed interface StepDone extends VmResult {

    /** Which one. */
    StartStep step();
  }

  record ArtifactsFetched(int attempt, Holdings.Sources sources) implements StepDone {
    @Override
    public StartStep step() {
      return StartStep.ARTIFACTS;
    }
  }

  record FolderPrepared(int attempt, Holdings.Prepared prepared) implements StepDone {
    @Override
    public StartStep step() {
      return StartStep.DISKS;
    }
  }

  record TapReady(int attempt, String tap) implements StepDone {
    @Override
    public StartStep step() {
      return StartStep.TAP;
    }
  }

  record HypervisorLaunched(int attempt, VmHandle handle) implements StepDone {
    @Override
    public StartStep step() {
      return StartStep.LAUNCH;
    }
  }

  /** A step of the start failed. */
  record StepFailed(int attempt, StartStep step, String reason) implements VmResult {}

  /** The hypervisor's process ended. */
  record HypervisorExited(int attempt, VmExit exit) implements VmResult {}

  /** The process could not be ended. */
  record KillFailed(int attempt, String reason) implements VmResult {}

  /** What became of the process while no daemon looked. */
  record AdoptionTold(int attempt, Adoption adoption) implements VmResult {}

  /** Something was heard from the guest. */
  record GuestSaid(int attempt, GuestSignal signal) implements VmResult {}

  /** A round of releasing is over. */
  record ReleaseTold(int attempt, Set<Claim> released, Map<Claim, String> failed)
      implements VmResult {}

  /** The time for something is up. */
  record Alarm(int attempt, Kind kind) implements VmResult {

    /** For what. */
    enum Kind {
      /** The guest should have come up by now. */
      START,
      /** The guest should have powered off by now. */
      STOP,
      /** The link has been down for a while. */
      SILENCE,
      /** There is room again for what the guest said. */
      GUEST,
      /** It is to be decided when to start again. */
      PLAN,
      /** The pause before it is started again is over. */
      RESTART,
      /** Try again what could not be told or done. */
      RETRY
    }
  }
}
