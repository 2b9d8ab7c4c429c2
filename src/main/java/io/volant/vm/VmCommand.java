package io.volant.vm;

import io.volant.model.Asker;
import io.volant.model.Lease;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** What others may say to a VM's actor. */
public sealed interface VmCommand extends VmMessage {

  /**
   * Be, and start. The host has checked name, plugin and capacity.
   *
   * @param lease the address that the host got for it; null where it needs none
   */
  record Create(VmConfig config, @Nullable Lease lease, Asker asker, ActorRef<VmReply> replyTo)
      implements VmCommand {}

  /** What somebody asks for, and is answered at once: done or begun, or why not. */
  sealed interface Order extends VmCommand {
    Asker asker();

    ActorRef<VmReply> replyTo();
  }

  /** Start. Refused unless at rest. */
  record Start(Asker asker, ActorRef<VmReply> replyTo) implements Order {}

  /** Stop in an orderly way, by force when that takes too long. Refused when at rest. */
  record Stop(Asker asker, ActorRef<VmReply> replyTo) implements Order {}

  /** Stop, then start. A VM at rest is just started. */
  record Restart(Asker asker, ActorRef<VmReply> replyTo) implements Order {}

  /**
   * Use this config at the next start; the host has checked it.
   *
   * @param base the version that it was made from; refused unless that is the newest
   */
  record ChangeConfig(int base, VmConfig config, Asker asker, ActorRef<VmReply> replyTo)
      implements Order {}

  /** End by force, release everything, be gone. Answered when it is. */
  record Delete(Asker asker, ActorRef<VmReply> replyTo) implements VmCommand {}

  /** Tell how you are. */
  record Describe(ActorRef<VmReply> replyTo) implements VmCommand {}

  /** Answer as soon as the goal is reached, or cannot be reached any more. */
  record Await(Goal goal, ActorRef<VmReply> replyTo) implements VmCommand {}

  /** The network lent this address to the start with this number. */
  record AddressGranted(int attempt, Lease lease) implements VmCommand {}

  /** The network has none for it. */
  record AddressDenied(int attempt, String reason) implements VmCommand {}

  /** The network has its address back. */
  record AddressReturned() implements VmCommand {}

  /** What can be waited for. */
  enum Goal {
    RUNNING,
    /** Running, and the probe succeeded; without a probe: running. */
    HEALTHY,
    /** At rest: stopped or crashed. */
    AT_REST
  }
}
