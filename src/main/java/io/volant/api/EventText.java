package io.volant.api;

import io.volant.deployment.DeploymentEvent;
import io.volant.host.HostEvent;
import io.volant.idempotency.IdempotencyEvent;
import io.volant.journal.JournalEvent;
import io.volant.network.NetworkEvent;
import io.volant.plugin.PluginEvent;
import io.volant.vm.VmEvent;

/**
 * An event of any kind as clients see it: everything but what may be secret in it, such as a
 * workload's environment.
 *
 * @param kind what it happened to: {@code vm}, {@code plugin}, {@code network}, {@code host}, …
 * @param message one line for people
 */
record EventText(String kind, String message) {

  static EventText of(JournalEvent event) {
    return new EventText(kind(event), message(event));
  }

  /** What comes before the dot of the stored name. */
  static String kind(JournalEvent event) {
    String type = event.type();
    int dot = type.indexOf('.');
    return dot < 0 ? type : type.substring(0, dot);
  }

  /** The event as one JSON object. */
  byte[] data(JournalEvent event) {
    return Answers.bytes(json -> {
      json.writeStartObject();
      json.writeStringField("event_id", event.stamp().id());
      json.writeStringField("type", event.type());
      json.writeStringField("kind", kind);
      json.writeStringField("name", event.stamp().name());
      json.writeStringField("timestamp", Text.time(event.stamp().at()));
      json.writeStringField("by", event.stamp().by());
      json.writeStringField("cause", event.stamp().cause());
      json.writeStringField("message", message);
      json.writeEndObject();
    });
  }

  private static String message(JournalEvent event) {
    return switch (event) {
      case VmEvent vm -> VmEventJson.of(vm).message();
      case PluginEvent plugin -> plugin(plugin);
      case NetworkEvent network -> network(network);
      case HostEvent host -> host(host);
      case DeploymentEvent deployment -> deployment(deployment);
      case IdempotencyEvent once -> once(once);
      default -> plain(event); // the kinds are not sealed, as each feature has its own
    };
  }

  /** {@code deployment.scaled} as {@code scaled}. */
  private static String plain(JournalEvent event) {
    return event.type().substring(event.type().indexOf('.') + 1).replace('_', ' ');
  }

  private static String plugin(PluginEvent event) {
    return switch (event) {
      case PluginEvent.Installed e -> "version " + e.manifest().version() + " installed";
      case PluginEvent.Enabled _ -> "enabled";
      case PluginEvent.Disabled _ -> "disabled";
      case PluginEvent.Removed _ -> "removed";
      case PluginEvent.ArtifactAdded(_, var artifact) -> "artifact " + artifact.name() + " added";
      case PluginEvent.ArtifactRemoved(_, _, var name) -> "artifact " + name + " removed";
    };
  }

  private static String network(NetworkEvent event) {
    return switch (event) {
      case NetworkEvent.Defined e -> e.spec().subnet() + " on the bridge " + e.spec().bridge();
      case NetworkEvent.AddressLent e -> e.ipAddress() + " lent to vm/" + e.vmId();
      case NetworkEvent.AddressReturned e -> "address of vm/" + e.vmId() + " returned";
    };
  }

  private static String host(HostEvent event) {
    return switch (event) {
      case HostEvent.VmRegistered e -> "the name " + e.vmName() + " belongs to vm/" + e.vmId();
      case HostEvent.VmForgotten e -> "the name of vm/" + e.vmId() + " is free";
      case HostEvent.PluginRegistered e -> "the plugin " + e.pluginName() + " is known";
      case HostEvent.DeploymentRegistered e -> "the deployment " + e.deploymentName() + " is known";
    };
  }

  private static String deployment(DeploymentEvent event) {
    return switch (event) {
      case DeploymentEvent.Created e -> "created, with " + count(e.replicas());
      case DeploymentEvent.Scaled e ->
          "scaled to " + count(e.replicas()) + ", at most " + e.maxUnavailable() + " away at once";
      case DeploymentEvent.ConfigChanged e -> "config changed: revision " + e.revision();
      case DeploymentEvent.RolledBack e -> "rolled back to revision " + e.revision();
      case DeploymentEvent.RolloutRetried e -> "rollout of revision " + e.revision() + " goes on";
      case DeploymentEvent.RolloutFailed e ->
          "rollout of revision " + e.revision() + " failed: " + e.reason();
      case DeploymentEvent.RolloutFinished e ->
          "every replica has revision " + e.revision() + " and is healthy";
      case DeploymentEvent.ReplicaWanted e ->
          replica(e, e.number()) + " is wanted, with revision " + e.revision();
      case DeploymentEvent.ReplicaMade e -> replica(e, e.number()) + " is vm/" + e.vmId();
      case DeploymentEvent.ReplicaFailed e ->
          replica(e, e.number()) + " failed " + times(e.failures()) + ": " + e.reason();
      case DeploymentEvent.ReplicaSteady e -> replica(e, e.number()) + " is steady again";
      case DeploymentEvent.ReplicaUnwanted e ->
          replica(e, e.number()) + " shall go: " + why(e.why());
      case DeploymentEvent.ReplicaGone e -> replica(e, e.number()) + " is gone";
      case DeploymentEvent.DeleteRequested _ -> "shall be deleted with its VMs";
      case DeploymentEvent.Deleted _ -> "deleted";
    };
  }

  private static String replica(DeploymentEvent event, int number) {
    return event.stamp().name() + "-" + number;
  }

  private static String count(int replicas) {
    return replicas == 1 ? "1 replica" : replicas + " replicas";
  }

  private static String times(int failures) {
    return failures == 1 ? "once" : failures + " times in a row";
  }

  private static String why(DeploymentEvent.Why why) {
    return switch (why) {
      case SCALED_DOWN -> "there are fewer replicas now";
      case OUTDATED -> "it has another revision";
      case CRASHED -> "it crashed";
      case DELETED -> "the deployment is deleted";
    };
  }

  private static String once(IdempotencyEvent event) {
    return switch (event) {
      case IdempotencyEvent.Begun e -> "the change of key " + e.key() + " has begun";
      case IdempotencyEvent.Answered e ->
          "the change of key " + e.key() + " was answered with " + e.answer().status();
    };
  }
}
