package io.volant.host;

import io.volant.model.VmId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;

/** Whether all that the journal knows has been read: until then the API would show half of it. */
final class Readiness {

  private final Set<VmId> vms = new HashSet<>();
  private final Set<String> plugins = new HashSet<>();
  private final Set<String> deployments = new HashSet<>();
  private final List<ActorRef<Done>> waiting = new ArrayList<>();
  private boolean known;

  /** The host's own journal was read: these will report. */
  void expect(Set<VmId> vmIds, Set<String> pluginNames, Set<String> deploymentNames) {
    if (known) { // read again after a failed write: who has reported does not report again
      return;
    }
    vms.addAll(vmIds);
    plugins.addAll(pluginNames);
    deployments.addAll(deploymentNames);
    known = true;
    tell();
  }

  void recovered(VmId vmId) {
    vms.remove(vmId);
    tell();
  }

  void recovered(String pluginName) {
    plugins.remove(pluginName);
    tell();
  }

  void recoveredDeployment(String name) {
    deployments.remove(name);
    tell();
  }

  void await(ActorRef<Done> replyTo) {
    waiting.add(replyTo);
    tell();
  }

  private void tell() {
    if (known && vms.isEmpty() && plugins.isEmpty() && deployments.isEmpty()) {
      waiting.forEach(replyTo -> replyTo.tell(Done.getInstance()));
      waiting.clear();
    }
  }
}
