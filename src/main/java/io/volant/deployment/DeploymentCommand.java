package io.volant.deployment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.volant.model.Asker;
import io.volant.model.VmId;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** What others may say to a deployment's actor. */
public sealed interface DeploymentCommand extends DeploymentMessage {

  /** What somebody wants; it is answered. */
  sealed interface Asked extends DeploymentCommand {
    Asker asker();

    ActorRef<DeploymentReply> replyTo();
  }

  /**
   * Be.
   *
   * @param maxUnavailable how many replicas an update may take away at once; null: as usual
   */
  record Create(
      int replicas,
      @Nullable Integer maxUnavailable,
      VmTemplate config,
      Asker asker,
      ActorRef<DeploymentReply> replyTo)
      implements Asked {}

  /** Be otherwise: what is null stays. A config that changes nothing retries a failed rollout. */
  record Update(Change change, Asker asker, ActorRef<DeploymentReply> replyTo) implements Asked {}

  /** Go back to the revision before. */
  record RollBack(Asker asker, ActorRef<DeploymentReply> replyTo) implements Asked {}

  /** Delete every VM, and be gone. Answered when it is. */
  record Delete(Asker asker, ActorRef<DeploymentReply> replyTo) implements Asked {}

  /** What is to change. */
  record Change(
      @Nullable Integer replicas, @Nullable Integer maxUnavailable, @Nullable ObjectNode config) {}

  /** All that the host's journal knows has been read, and these VMs have replicas' names. */
  record Begin(Map<Integer, Sighting> seen) implements DeploymentCommand {
    public Begin {
      seen = Map.copyOf(seen);
    }
  }

  /** The VM with a replica's name is now like this. */
  record Seen(int number, Sighting sighting) implements DeploymentCommand {}

  /** A VM with a replica's name is gone, and the name is free. */
  record Vanished(int number, VmId vmId) implements DeploymentCommand {}

  /** The VM that was wanted by the event {@code cause} will not be, and why. */
  record NotMade(int number, String cause, String reason) implements DeploymentCommand {}
}
