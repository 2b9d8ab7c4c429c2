package io.volant.vm;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import io.volant.artifact.StoredArtifact;
import io.volant.journal.JournalEvent;
import io.volant.model.Lease;
import io.volant.model.Stamp;
import io.volant.model.VmId;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What has happened to a VM. {@code attempt} counts its starts from 1, so that what belongs to an
 * earlier start can be told from what belongs to this one.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
  @JsonSubTypes.Type(VmEvent.Created.class),
  @JsonSubTypes.Type(VmEvent.ConfigChanged.class),
  @JsonSubTypes.Type(VmEvent.StartRequested.class),
  @JsonSubTypes.Type(VmEvent.ArtifactsReady.class),
  @JsonSubTypes.Type(VmEvent.AddressLeased.class),
  @JsonSubTypes.Type(VmEvent.DisksReady.class),
  @JsonSubTypes.Type(VmEvent.TapUp.class),
  @JsonSubTypes.Type(VmEvent.Launched.class),
  @JsonSubTypes.Type(VmEvent.LinkUp.class),
  @JsonSubTypes.Type(VmEvent.WorkloadStarted.class),
  @JsonSubTypes.Type(VmEvent.WorkloadExited.class),
  @JsonSubTypes.Type(VmEvent.Running.class),
  @JsonSubTypes.Type(VmEvent.HealthChanged.class),
  @JsonSubTypes.Type(VmEvent.StartFailed.class),
  @JsonSubTypes.Type(VmEvent.EndRequested.class),
  @JsonSubTypes.Type(VmEvent.Exited.class),
  @JsonSubTypes.Type(VmEvent.Adopted.class),
  @JsonSubTypes.Type(VmEvent.AdoptionUnsure.class),
  @JsonSubTypes.Type(VmEvent.Released.class),
  @JsonSubTypes.Type(VmEvent.ReleaseFailed.class),
  @JsonSubTypes.Type(VmEvent.Stopped.class),
  @JsonSubTypes.Type(VmEvent.Crashed.class),
  @JsonSubTypes.Type(VmEvent.RestartPlanned.class),
  @JsonSubTypes.Type(VmEvent.Deleted.class),
})
public sealed interface VmEvent extends JournalEvent {

  /** The VM exists, with this config (version counts from 1). */
  @JsonTypeName("vm.created")
  record Created(Stamp stamp, VmId vmId, int version, VmConfig config) implements VmEvent {}

  /** Its next start shall use this config; {@code during} is where the VM was then. */
  @JsonTypeName("vm.config_changed")
  record ConfigChanged(Stamp stamp, int version, During during, VmConfig config)
      implements VmEvent {}

  /** Where a VM is, as far as clients care. */
  enum During {
    STARTING,
    RUNNING,
    STOPPING,
    STOPPED,
    CRASHED
  }

  /** It shall run: the steps of a start follow. */
  @JsonTypeName("vm.start_requested")
  record StartRequested(Stamp stamp, int attempt) implements VmEvent {}

  /** Boot medium, kernel and the images of further disks are on this host. */
  @JsonTypeName("vm.artifacts_ready")
  record ArtifactsReady(
      Stamp stamp,
      int attempt,
      StoredArtifact artifact,
      LaunchSpec.Kernel kernel,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<StoredArtifact> disks)
      implements VmEvent {
    public ArtifactsReady {
      disks = List.copyOf(Objects.requireNonNullElse(disks, List.of()));
    }
  }

  /** The network lent it an address. */
  @JsonTypeName("vm.address_leased")
  record AddressLeased(Stamp stamp, int attempt, Lease lease) implements VmEvent {}

  /** Its folder is there, with the assembled initramfs, and its disks are. */
  @JsonTypeName("vm.disks_ready")
  record DisksReady(
      Stamp stamp,
      int attempt,
      String initrd,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<LaunchSpec.BlockDevice> disks)
      implements VmEvent {
    public DisksReady {
      disks = List.copyOf(Objects.requireNonNullElse(disks, List.of()));
    }
  }

  /** Its tap is on the bridge. */
  @JsonTypeName("vm.tap_up")
  record TapUp(Stamp stamp, int attempt, String tap) implements VmEvent {}

  /** The hypervisor runs. */
  @JsonTypeName("vm.launched")
  record Launched(Stamp stamp, int attempt, VmHandle handle) implements VmEvent {}

  /** The guest's agent answered; {@code guestSteps} is how it got there, on the host's clock. */
  @JsonTypeName("vm.link_up")
  record LinkUp(Stamp stamp, int attempt, List<Timeline.Mark> guestSteps) implements VmEvent {
    public LinkUp {
      guestSteps = List.copyOf(guestSteps);
    }
  }

  /** The workload was started in the guest, for the {@code run}-th time since the guest booted. */
  @JsonTypeName("vm.workload_started")
  record WorkloadStarted(Stamp stamp, int attempt, int run, long pid) implements VmEvent {}

  /** The workload died in the guest; the agent starts it again after the pause. */
  @JsonTypeName("vm.workload_exited")
  record WorkloadExited(
      Stamp stamp,
      int attempt,
      int run,
      @Nullable Integer code,
      @Nullable Integer signal,
      long restartInMs)
      implements VmEvent {}

  /** The start is through: what clients show. */
  @JsonTypeName("vm.running")
  record Running(
      Stamp stamp, int attempt, long pid, @Nullable String ipAddress, @Nullable String macAddress)
      implements VmEvent {}

  /** The probe's verdict changed. */
  @JsonTypeName("vm.health_changed")
  record HealthChanged(Stamp stamp, int attempt, Health health, @Nullable String detail)
      implements VmEvent {}

  /** A step of the start failed; what was acquired is released. */
  @JsonTypeName("vm.start_failed")
  record StartFailed(Stamp stamp, int attempt, StartStep step, String reason) implements VmEvent {}

  /** It shall end: stop, restart or delete. */
  @JsonTypeName("vm.end_requested")
  record EndRequested(Stamp stamp, int attempt, Then then) implements VmEvent {}

  /** The hypervisor ended. */
  @JsonTypeName("vm.exited")
  record Exited(Stamp stamp, int attempt, VmExit exit) implements VmEvent {}

  /** A daemon that came back found the hypervisor as it was left. */
  @JsonTypeName("vm.adopted")
  record Adopted(Stamp stamp, int attempt) implements VmEvent {}

  /** A daemon that came back cannot tell what became of the hypervisor: it is kept. */
  @JsonTypeName("vm.adoption_unsure")
  record AdoptionUnsure(Stamp stamp, int attempt, String reason) implements VmEvent {}

  /** These are given back. */
  @JsonTypeName("vm.released")
  record Released(Stamp stamp, int attempt, Set<Claim> claims) implements VmEvent {
    public Released {
      claims = Collections.unmodifiableSortedSet(new TreeSet<>(claims)); // stored in one order
    }
  }

  /** This could not be given back; it is tried again. */
  @JsonTypeName("vm.release_failed")
  record ReleaseFailed(Stamp stamp, int attempt, Claim claim, String reason) implements VmEvent {}

  /** At rest, as was asked. */
  @JsonTypeName("vm.stopped")
  record Stopped(Stamp stamp, int attempt) implements VmEvent {}

  /** At rest, and nobody asked for it. */
  @JsonTypeName("vm.crashed")
  record Crashed(Stamp stamp, int attempt, String reason, @Nullable VmExit exit)
      implements VmEvent {}

  /**
   * It crashed, and shall be started again at that time, for the {@code retry}-th time in a row.
   */
  @JsonTypeName("vm.restart_planned")
  record RestartPlanned(Stamp stamp, int attempt, int retry, Instant at) implements VmEvent {}

  /** Gone for good. */
  @JsonTypeName("vm.deleted")
  record Deleted(Stamp stamp) implements VmEvent {}
}
