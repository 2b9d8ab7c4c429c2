package io.volant.api;

import io.volant.host.HostEvent;
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
    };
  }
}
