package io.volant.api;

import io.volant.model.Lease;
import io.volant.vm.Health;
import io.volant.vm.VmEvent;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * An event of a VM as clients see it. Everything comes from the event itself, so that whoever reads
 * it again later gets the same bytes.
 *
 * @param type {@code VM_…} for the turns of a VM's life, else our own name
 * @param status where the VM is after it
 * @param pid 0: it does not say
 */
record VmEventJson(
    String type, VmStatus status, String ipAddress, String macAddress, long pid, String message) {

  /** Whether clients that want only the turns of a VM's life see it. */
  boolean isLifecycle() {
    return type.startsWith("VM_");
  }

  static VmEventJson of(VmEvent event) {
    return switch (event) {
      case VmEvent.Created _ -> said("VM_CREATED", VmStatus.STARTING, "created");
      case VmEvent.Running(_, _, long pid, var ip, var mac) ->
          new VmEventJson("VM_RUNNING", VmStatus.RUNNING, or(ip), or(mac), pid, "running");
      case VmEvent.Stopped _ -> said("VM_STOPPED", VmStatus.STOPPED, "stopped");
      case VmEvent.Crashed e -> said("VM_CRASHED", VmStatus.CRASHED, e.reason());
      case VmEvent.Deleted _ -> said("VM_DELETED", VmStatus.STOPPED, "deleted");
      case VmEvent.ConfigChanged e ->
          step(event, VmStatus.of(e.during()), "config changed, version " + e.version());
      case VmEvent.RestartPlanned e ->
          step(event, VmStatus.CRASHED, "started again at " + e.at() + ", retry " + e.retry());
      case VmEvent.StartRequested e ->
          step(event, VmStatus.STARTING, "start number " + e.attempt());
      case VmEvent.ArtifactsReady e ->
          step(event, VmStatus.STARTING, "kernel " + e.kernel().name());
      case VmEvent.AddressLeased e -> leased(event, e.lease());
      case VmEvent.DisksReady _ -> step(event, VmStatus.STARTING, "its folder is ready");
      case VmEvent.TapUp e -> step(event, VmStatus.STARTING, "tap " + e.tap() + " is up");
      case VmEvent.Launched e ->
          new VmEventJson(
              event.type(),
              VmStatus.STARTING,
              "",
              "",
              e.handle().pid(),
              e.handle().driver() + " runs");
      case VmEvent.LinkUp _ -> step(event, VmStatus.STARTING, "the guest's agent answered");
      case VmEvent.WorkloadStarted e ->
          step(
              event,
              e.run() > 1 ? VmStatus.RUNNING : VmStatus.STARTING,
              "workload started, run " + e.run());
      case VmEvent.WorkloadExited e -> step(event, VmStatus.RUNNING, workloadExited(e));
      case VmEvent.HealthChanged e -> healthChanged(e);
      case VmEvent.StartFailed e -> step(event, VmStatus.STOPPING, e.reason());
      case VmEvent.EndRequested e ->
          step(event, VmStatus.STOPPING, "asked to " + lower(e.then().name()));
      case VmEvent.Exited e -> step(event, VmStatus.STOPPING, e.exit().reason());
      case VmEvent.Adopted _ -> step(event, VmStatus.RUNNING, "found as it was left");
      case VmEvent.AdoptionUnsure e -> step(event, VmStatus.UNKNOWN, e.reason());
      case VmEvent.Released e ->
          step(
              event,
              VmStatus.STOPPING,
              "given back: "
                  + e.claims().stream()
                      .sorted()
                      .map(claim -> lower(claim.name()))
                      .collect(Collectors.joining(", ")));
      case VmEvent.ReleaseFailed e ->
          step(event, VmStatus.STOPPING, lower(e.claim().name()) + ": " + e.reason());
    };
  }

  /** What follows {@code data:} on an event stream. */
  byte[] data(VmEvent event) {
    return Answers.bytes(json -> {
      json.writeStartObject();
      json.writeStringField("type", type);
      json.writeStringField("name", event.stamp().name());
      json.writeStringField("status", status.text());
      json.writeStringField("ip_address", ipAddress);
      json.writeStringField("mac_address", macAddress);
      if (pid > 0) {
        json.writeNumberField("pid", pid);
      }
      json.writeStringField("timestamp", Text.time(event.stamp().at()));
      json.writeStringField("message", message);
      json.writeEndObject();
    });
  }

  private static VmEventJson said(String type, VmStatus status, String message) {
    return new VmEventJson(type, status, "", "", 0, message);
  }

  private static VmEventJson step(VmEvent event, VmStatus status, String message) {
    return said(event.type(), status, message);
  }

  private static VmEventJson leased(VmEvent event, Lease lease) {
    return new VmEventJson(
        event.type(),
        VmStatus.STARTING,
        lease.ipAddress(),
        lease.mac(),
        0,
        "address " + lease.ipAddress());
  }

  private static VmEventJson healthChanged(VmEvent.HealthChanged event) {
    String type =
        switch (event.health()) {
          case HEALTHY -> "vm.healthy";
          case UNHEALTHY -> "vm.unhealthy";
          case UNKNOWN -> "vm.health_unknown";
        };
    String detail = event.detail();
    return said(type, VmStatus.RUNNING, detail == null ? healthText(event.health()) : detail);
  }

  private static String healthText(Health health) {
    return switch (health) {
      case HEALTHY -> "the workload answers";
      case UNHEALTHY -> "the workload does not answer as it should";
      case UNKNOWN -> "nobody can tell";
    };
  }

  private static String workloadExited(VmEvent.WorkloadExited event) {
    Optional<String> signal = Optional.ofNullable(event.signal()).map(n -> "by signal " + n);
    Optional<String> code = Optional.ofNullable(event.code()).map(n -> "with code " + n);
    return "workload ended "
        + signal.or(() -> code).orElse("for an unknown reason")
        + ", started again in "
        + event.restartInMs()
        + " ms";
  }

  private static String or(@org.jspecify.annotations.Nullable String text) {
    return text == null ? "" : text;
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
