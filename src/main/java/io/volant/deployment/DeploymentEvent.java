package io.volant.deployment;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import io.volant.journal.JournalEvent;
import io.volant.model.Stamp;
import io.volant.model.VmId;
import java.time.Instant;

/**
 * What has happened to a deployment. {@code number} is a replica's, {@code revision} a config's.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(DeploymentEvent.Created.class),
  @JsonSubTypes.Type(DeploymentEvent.Scaled.class),
  @JsonSubTypes.Type(DeploymentEvent.ConfigChanged.class),
  @JsonSubTypes.Type(DeploymentEvent.RolledBack.class),
  @JsonSubTypes.Type(DeploymentEvent.RolloutRetried.class),
  @JsonSubTypes.Type(DeploymentEvent.RolloutFailed.class),
  @JsonSubTypes.Type(DeploymentEvent.RolloutFinished.class),
  @JsonSubTypes.Type(DeploymentEvent.ReplicaWanted.class),
  @JsonSubTypes.Type(DeploymentEvent.ReplicaMade.class),
  @JsonSubTypes.Type(DeploymentEvent.ReplicaFailed.class),
  @JsonSubTypes.Type(DeploymentEvent.ReplicaSteady.class),
  @JsonSubTypes.Type(DeploymentEvent.ReplicaUnwanted.class),
  @JsonSubTypes.Type(DeploymentEvent.ReplicaGone.class),
  @JsonSubTypes.Type(DeploymentEvent.DeleteRequested.class),
  @JsonSubTypes.Type(DeploymentEvent.Deleted.class),
})
public sealed interface DeploymentEvent extends JournalEvent {

  /** It exists; the config is revision 1. */
  @JsonTypeName("deployment.created")
  record Created(Stamp stamp, int replicas, int maxUnavailable, VmTemplate config)
      implements DeploymentEvent {}

  /** So many replicas shall be, and so many of them may be away during an update. */
  @JsonTypeName("deployment.scaled")
  record Scaled(Stamp stamp, int replicas, int maxUnavailable) implements DeploymentEvent {}

  /** Every replica shall get this new config. */
  @JsonTypeName("deployment.config_changed")
  record ConfigChanged(Stamp stamp, int revision, VmTemplate config) implements DeploymentEvent {}

  /** Every replica shall get this earlier revision again. */
  @JsonTypeName("deployment.rolled_back")
  record RolledBack(Stamp stamp, int revision) implements DeploymentEvent {}

  /** The failed rollout of this revision shall go on. */
  @JsonTypeName("deployment.rollout_retried")
  record RolloutRetried(Stamp stamp, int revision) implements DeploymentEvent {}

  /** The rollout stopped. */
  @JsonTypeName("deployment.rollout_failed")
  record RolloutFailed(Stamp stamp, int revision, String reason) implements DeploymentEvent {}

  /** Every replica has this revision, and is healthy. */
  @JsonTypeName("deployment.rollout_finished")
  record RolloutFinished(Stamp stamp, int revision) implements DeploymentEvent {}

  /** A VM shall be made for this place. */
  @JsonTypeName("deployment.replica_wanted")
  record ReplicaWanted(Stamp stamp, int number, int revision) implements DeploymentEvent {}

  /** The VM at this place is this one. */
  @JsonTypeName("deployment.replica_made")
  record ReplicaMade(Stamp stamp, int number, VmId vmId) implements DeploymentEvent {}

  /** The VM crashed, or could not be made; it is replaced, but not before then. */
  @JsonTypeName("deployment.replica_failed")
  record ReplicaFailed(Stamp stamp, int number, int failures, Instant retryAt, String reason)
      implements DeploymentEvent {}

  /** The VM was healthy for long enough that earlier failures count no more. */
  @JsonTypeName("deployment.replica_steady")
  record ReplicaSteady(Stamp stamp, int number) implements DeploymentEvent {}

  /** The VM at this place shall be deleted. */
  @JsonTypeName("deployment.replica_unwanted")
  record ReplicaUnwanted(Stamp stamp, int number, VmId vmId, Why why) implements DeploymentEvent {}

  /** The VM at this place is gone, whoever deleted it; or it never came to be. */
  @JsonTypeName("deployment.replica_gone")
  record ReplicaGone(Stamp stamp, int number) implements DeploymentEvent {}

  /** The deployment and all its VMs shall go. */
  @JsonTypeName("deployment.delete_requested")
  record DeleteRequested(Stamp stamp) implements DeploymentEvent {}

  /** It is gone, and so are its VMs. */
  @JsonTypeName("deployment.deleted")
  record Deleted(Stamp stamp) implements DeploymentEvent {}

  /** Why a replica shall go. */
  enum Why {
    SCALED_DOWN,
    OUTDATED,
    CRASHED,
    DELETED
  }
}
