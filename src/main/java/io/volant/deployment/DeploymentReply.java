package io.volant.deployment;

import io.volant.model.FieldProblem;
import java.util.List;

/** What a deployment answers. */
public sealed interface DeploymentReply {

  /** Done, or begun: the deployment as it is now. */
  record Accepted(Deployment deployment) implements DeploymentReply {}

  /** It is gone, and so are its VMs. */
  record Deleted(String name) implements DeploymentReply {}

  /** Not done, and nothing has changed. */
  record Refused(Reason reason, String message, List<FieldProblem> details)
      implements DeploymentReply {
    public Refused {
      details = List.copyOf(details);
    }

    static Refused of(Reason reason, String message) {
      return new Refused(reason, message, List.of());
    }
  }

  /** Why not. */
  enum Reason {
    NAME_TAKEN,
    NOT_FOUND,
    BEING_DELETED,
    NO_PREVIOUS_REVISION,
    PLUGIN_NOT_FOUND,
    PLUGIN_DISABLED,
    INVALID,
    ARTIFACT_UNAVAILABLE,
    CHECKSUM_MISMATCH,
    HOST_RESOURCES_EXCEEDED,
    TOO_MANY_WAITING
  }
}
