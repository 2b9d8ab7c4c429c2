package io.volant.host;

import io.volant.model.Asker;
import io.volant.model.Lease;
import io.volant.model.VmId;
import io.volant.network.NetworkCommand;
import io.volant.network.NetworkReply;
import io.volant.vm.VmCommand;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;

/** Stands between VMs and the network that lends them addresses. */
final class AddressDesk {

  private final HostChildren children;
  private final ActorRef<NetworkReply> replies;
  private final Map<VmId, Integer> askingAttempts = new HashMap<>();

  AddressDesk(HostChildren children, ActorRef<NetworkReply> replies) {
    this.children = children;
    this.replies = replies;
  }

  /** A VM that is not yet shall have an address. */
  void lend(VmId vmId, Asker asker) {
    children.network().tell(new NetworkCommand.Lend(vmId, asker, replies));
  }

  /** A VM that starts wants one. */
  void lend(VmId vmId, int attempt) {
    askingAttempts.put(vmId, attempt);
    lend(vmId, Asker.system("vm/" + vmId));
  }

  void takeBack(VmId vmId, Asker asker) {
    children.network().tell(new NetworkCommand.Return(vmId, asker, replies));
  }

  void granted(VmId vmId, Lease lease) {
    tellAsking(vmId, attempt -> new VmCommand.AddressGranted(attempt, lease));
  }

  void denied(VmId vmId, String reason) {
    tellAsking(vmId, attempt -> new VmCommand.AddressDenied(attempt, reason));
  }

  void returned(VmId vmId) {
    children.vm(vmId).ifPresent(vm -> vm.tell(new VmCommand.AddressReturned()));
  }

  private void tellAsking(VmId vmId, Function<Integer, VmCommand> message) {
    Integer attempt = askingAttempts.remove(vmId);
    if (attempt != null) {
      children.vm(vmId).ifPresent(vm -> vm.tell(message.apply(attempt)));
    }
  }
}
