package io.volant.deployment;

import io.volant.deployment.Slot.Stage;
import io.volant.model.Asker;
import io.volant.model.VmId;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Asks the host for what a deployment's state leaves outstanding: once, and then again when it has
 * not come for a while. Not stored: a deployment that comes back asks for everything anew.
 */
final class Requests {

  private final ActorRef<DeploymentNotice> host;
  private final Set<String> asked = new HashSet<>();

  Requests(ActorRef<DeploymentNotice> host) {
    this.host = host;
  }

  /** What was asked and has not come may be asked again. */
  void forget() {
    asked.clear();
  }

  /** Whether something was asked since. */
  boolean isWaiting() {
    return !asked.isEmpty();
  }

  /** The VM does not rest any more: the next time that it does, it is a new matter. */
  void isUp(VmId vmId) {
    asked.remove(start(vmId));
  }

  /** Asks for the VMs that shall be made or go. */
  void forAll(Deployment deployment) {
    deployment.slots().values().forEach(slot -> forOne(deployment, slot));
  }

  private void forOne(Deployment deployment, Slot slot) {
    String name = deployment.name();
    int number = slot.number();
    switch (slot.stage()) {
      case Stage.Making(var cause) -> {
        if (!deployment.isWanted(number)) {
          ask("miss " + cause, new DeploymentNotice.VmMissed(name, number, cause));
          return;
        }
        Revision revision = Objects.requireNonNull(deployment.revisions().get(slot.revision()));
        Asker asker = deployment.asker(cause);
        ask("make " + cause, new DeploymentNotice.VmWanted(name, number, revision.config(), asker));
      }
      case Stage.Leaving(var vmId, var cause) ->
          ask(
              "delete " + cause,
              new DeploymentNotice.VmUnwanted(name, number, vmId, deployment.asker(cause)));
      case Stage.Empty _, Stage.There _, Stage.Broken _ -> {}
    }
  }

  void start(Deployment deployment, VmId vmId) {
    Asker asker = deployment.asker(deployment.wish().cause());
    ask(start(vmId), new DeploymentNotice.VmAtRest(deployment.name(), vmId, asker));
  }

  private static String start(VmId vmId) {
    return "start " + vmId;
  }

  private void ask(String what, DeploymentNotice notice) {
    if (asked.add(what)) {
      host.tell(notice);
    }
  }
}
