package io.volant.host;

import io.volant.model.VmId;
import io.volant.vm.VmReply;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Hears one new VM's first answer, and tells the host which VM it was that answered. */
final class NewVmReply {

  private NewVmReply() {}

  static Behavior<VmReply> create(VmId vmId, ActorRef<HostMessage> host) {
    return Behaviors.receiveMessage(reply -> {
      host.tell(new HostMessage.FromNewVm(vmId, reply));
      return Behaviors.stopped();
    });
  }
}
