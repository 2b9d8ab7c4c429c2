package io.volant.api;

import com.fasterxml.jackson.core.JsonGenerator;
import io.volant.deployment.Deployment;
import io.volant.deployment.Progress;
import io.volant.deployment.Revision;
import io.volant.deployment.Slot;
import io.volant.deployment.Slot.Trouble;
import io.volant.vm.Vm;
import io.volant.vm.VmDirectory;
import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** Writes a deployment as the API shows it to a reader, with its VMs as they are now. */
final class DeploymentJson {

  private final VmDirectory vms;

  DeploymentJson(VmDirectory vms) {
    this.vms = vms;
  }

  void write(JsonGenerator json, Deployment deployment, Principal reader) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", deployment.name());
    json.writeNumberField("desired_replicas", deployment.wish().replicas());
    json.writeNumberField("ready_replicas", ready(deployment));
    json.writeNumberField("max_unavailable", deployment.wish().maxUnavailable());
    json.writeNumberField("revision", deployment.wish().revision());
    writeRollout(json, deployment);
    json.writeArrayFieldStart("replicas");
    for (Slot slot : deployment.slots().values()) {
      writeReplica(json, deployment, slot);
    }
    json.writeEndArray();
    json.writeObjectField("config", Secrets.config(deployment.target().config().tree(), reader));
    json.writeStringField("created_at", Text.time(deployment.identity().createdAt()));
    json.writeStringField("updated_at", Text.time(deployment.updatedAt()));
    json.writeEndObject();
  }

  /** The revisions, the newest first. */
  void writeHistory(JsonGenerator json, Deployment deployment, Principal reader)
      throws IOException {
    json.writeStartArray();
    for (Revision revision : deployment.revisions().descendingMap().values()) {
      json.writeStartObject();
      json.writeNumberField("revision", revision.number());
      json.writeBooleanField("current", revision.number() == deployment.wish().revision());
      json.writeStringField("created_at", Text.time(revision.createdAt()));
      json.writeStringField("by", revision.by());
      json.writeObjectField("config", Secrets.config(revision.config().tree(), reader));
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private int ready(Deployment deployment) {
    int ready = 0;
    for (Slot slot : deployment.slots().values()) {
      boolean counts = slot.number() <= deployment.wish().replicas();
      ready += counts && vm(deployment, slot).filter(Vm::isReady).isPresent() ? 1 : 0;
    }
    return ready;
  }

  private void writeRollout(JsonGenerator json, Deployment deployment) throws IOException {
    int updated = 0;
    for (Slot slot : deployment.slots().values()) {
      boolean counts =
          slot.number() <= deployment.wish().replicas()
              && slot.revision() == deployment.wish().revision();
      updated += counts && slot.vmId() != null ? 1 : 0;
    }
    json.writeObjectFieldStart("rollout");
    json.writeStringField("state", state(deployment));
    json.writeNumberField("revision", deployment.wish().revision());
    json.writeNumberField("updated", updated);
    json.writeStringField("message", message(deployment));
    json.writeEndObject();
  }

  private static String state(Deployment deployment) {
    return deployment.wish().deleting()
        ? "deleting"
        : deployment.progress().phase().name().toLowerCase(Locale.ROOT);
  }

  /** Why it failed; else what keeps a replica from being there. */
  private static String message(Deployment deployment) {
    Progress progress = deployment.progress();
    if (!progress.reason().isEmpty()) {
      return progress.reason();
    }
    for (Slot slot : deployment.slots().values()) {
      if (slot.trouble().failures() > 0) {
        return deployment.replicaName(slot.number()) + " " + trouble(slot.trouble());
      }
    }
    return "";
  }

  private static String trouble(Trouble trouble) {
    Instant retryAt = trouble.retryAt();
    String times = trouble.failures() == 1 ? "once" : trouble.failures() + " times in a row";
    return "failed "
        + times
        + ": "
        + trouble.reason()
        + (retryAt == null ? "" : " (tried again at " + Text.time(retryAt) + ")");
  }

  private void writeReplica(JsonGenerator json, Deployment deployment, Slot slot)
      throws IOException {
    Optional<Vm> vm = vm(deployment, slot);
    json.writeStartObject();
    json.writeStringField("name", deployment.replicaName(slot.number()));
    json.writeStringField(
        "status", vm.map(found -> VmStatus.of(found.phase()).text()).orElse("pending"));
    json.writeStringField(
        "health", vm.map(found -> VmJson.health(found.phase())).orElse("unknown"));
    json.writeNumberField("revision", slot.revision());
    if (slot.trouble().failures() > 0) {
      json.writeStringField("message", trouble(slot.trouble()));
    }
    json.writeEndObject();
  }

  /** The VM at a place; a stranger of its name is not. */
  private Optional<Vm> vm(Deployment deployment, Slot slot) {
    return vms.find(deployment.replicaName(slot.number()))
        .filter(vm -> vm.id().equals(slot.vmId()));
  }
}
