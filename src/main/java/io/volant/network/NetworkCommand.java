package io.volant.network;

import io.volant.model.Asker;
import io.volant.model.VmId;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;

/** What others may say to a network's actor. */
public sealed interface NetworkCommand extends NetworkMessage {

  /** Be this network. Refused, with a line in the log, while VMs hold addresses of another one. */
  record Define(NetworkSpec spec) implements NetworkCommand {}

  /** Lend a VM an address; the same one again if it has one. */
  record Lend(VmId vmId, Asker asker, ActorRef<NetworkReply> replyTo) implements NetworkCommand {}

  /** A VM gives its address back; answered also when it has none. */
  record Return(VmId vmId, Asker asker, ActorRef<NetworkReply> replyTo) implements NetworkCommand {}

  /** Take back what is lent to any VM but these: they are all that there are. */
  record KeepOnly(Set<VmId> vmIds) implements NetworkCommand {
    public KeepOnly {
      vmIds = Set.copyOf(vmIds);
    }
  }
}
