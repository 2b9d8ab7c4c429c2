package io.volant.journal;

import io.volant.artifact.StoredArtifact;
import io.volant.deployment.DeploymentEvent;
import io.volant.deployment.VmTemplate;
import io.volant.fake.Deployments;
import io.volant.fake.Requests;
import io.volant.host.HostEvent;
import io.volant.idempotency.IdempotencyEvent;
import io.volant.idempotency.KeptAnswer;
import io.volant.model.Lease;
import io.volant.model.Stamp;
import io.volant.model.VmId;
import io.volant.network.NetworkEvent;
import io.volant.network.NetworkSpec;
import io.volant.plugin.PluginEvent;
import io.volant.vm.Claim;
import io.volant.vm.Health;
import io.volant.vm.LaunchSpec;
import io.volant.vm.LinkAddress;
import io.volant.vm.StartStep;
import io.volant.vm.Then;
import io.volant.vm.Timeline;
import io.volant.vm.VmConfig;
import io.volant.vm.VmEvent;
import io.volant.vm.VmExit;
import io.volant.vm.VmHandle;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** One sample of every event that is stored: every field that can be set is. */
final class EventSamples {

  private static final Instant AT = Instant.parse("2026-03-01T12:34:56.789012Z");
  private static final VmId VM = new VmId(4_294_967_303L);
  private static final Stamp STAMP = new Stamp("vm/4294967303#12", "web", AT, "ada", "request-9");
  private static final StoredArtifact ARTIFACT =
      new StoredArtifact("ab".repeat(32), "/var/lib/volant/artifacts/sha256/abab", 12_345_678);
  private static final LaunchSpec.Kernel KERNEL =
      new LaunchSpec.Kernel(
          "debian",
          "/k/debian/vmlinuz",
          false,
          List.of("/m/virtio_net.ko"),
          "/k/debian/m.cpio",
          List.of());
  private static final VmExit EXIT =
      new VmExit(null, 9, "killed by signal 9 (SIGKILL)", List.of("[    0.1] booting", "oops"));

  private EventSamples() {}

  static List<JournalEvent> all() {
    return Stream.of(starts(), lives(), ends(), deployments(), others(), keys())
        .flatMap(List::stream)
        .toList();
  }

  private static List<JournalEvent> keys() {
    return List.of(
        new IdempotencyEvent.Begun(STAMP, "create-web-1", "cd".repeat(32)),
        new IdempotencyEvent.Answered(
            STAMP,
            "create-web-1",
            new KeptAnswer(
                201,
                List.of(new KeptAnswer.Header("Location", "/api/v1/vms/web")),
                "application/json",
                "{\"id\":7}")));
  }

  private static List<JournalEvent> starts() {
    return List.of(
        new VmEvent.Created(STAMP, VM, 1, config()),
        new VmEvent.ConfigChanged(STAMP, 2, VmEvent.During.STOPPED, config()),
        new VmEvent.StartRequested(STAMP, 2),
        new VmEvent.ArtifactsReady(STAMP, 2, ARTIFACT, KERNEL, List.of()),
        new VmEvent.AddressLeased(
            STAMP, 2, new Lease("10.0.0.2", 24, "10.0.0.1", VM.macAddress(), "vbr0")),
        new VmEvent.DisksReady(STAMP, 2, "/var/lib/volant/vms/7/initrd", List.of()),
        new VmEvent.TapUp(STAMP, 2, VM.tapName()),
        new VmEvent.Launched(
            STAMP,
            2,
            new VmHandle(
                "qemu",
                4_242,
                987_654_321L,
                "boot-id",
                "/vms/7",
                "/vms/7/qmp.sock",
                "/vms/7/console.log",
                new LinkAddress(LinkAddress.Kind.VIRTIO_SERIAL, "/vms/7/link.sock"))),
        new VmEvent.StartFailed(STAMP, 2, StartStep.LAUNCH, "no such machine"));
  }

  private static List<JournalEvent> lives() {
    return List.of(
        new VmEvent.LinkUp(
            STAMP, 2, List.of(new Timeline.Mark("mounts", AT, Timeline.Source.GUEST))),
        new VmEvent.WorkloadStarted(STAMP, 2, 3, 77),
        new VmEvent.WorkloadExited(STAMP, 2, 3, 1, 15, 200),
        new VmEvent.Running(STAMP, 2, 4_242, "10.0.0.2", VM.macAddress()),
        new VmEvent.HealthChanged(STAMP, 2, Health.UNHEALTHY, "status 503"),
        new VmEvent.Adopted(STAMP, 2),
        new VmEvent.AdoptionUnsure(STAMP, 2, "the control socket does not answer"));
  }

  private static List<JournalEvent> ends() {
    return List.of(
        new VmEvent.EndRequested(STAMP, 2, Then.RESTART),
        new VmEvent.Exited(STAMP, 2, EXIT),
        new VmEvent.Released(STAMP, 2, Set.of(Claim.TAP, Claim.PROCESS, Claim.RUN_FILES)),
        new VmEvent.ReleaseFailed(STAMP, 2, Claim.TAP, "busy"),
        new VmEvent.Stopped(STAMP, 2),
        new VmEvent.Crashed(STAMP, 2, "out of memory", EXIT),
        new VmEvent.RestartPlanned(STAMP, 2, 3, AT.plusMillis(4_000)),
        new VmEvent.Deleted(STAMP));
  }

  private static List<JournalEvent> deployments() {
    return List.of(
        new DeploymentEvent.Created(STAMP, 3, 1, template()),
        new DeploymentEvent.Scaled(STAMP, 5, 2),
        new DeploymentEvent.ConfigChanged(STAMP, 2, template()),
        new DeploymentEvent.RolledBack(STAMP, 1),
        new DeploymentEvent.RolloutRetried(STAMP, 2),
        new DeploymentEvent.RolloutFailed(STAMP, 2, "web-3 of revision 2 was not healthy"),
        new DeploymentEvent.RolloutFinished(STAMP, 2),
        new DeploymentEvent.ReplicaWanted(STAMP, 3, 2),
        new DeploymentEvent.ReplicaMade(STAMP, 3, VM),
        new DeploymentEvent.ReplicaFailed(STAMP, 3, 2, AT, "out of memory"),
        new DeploymentEvent.ReplicaSteady(STAMP, 3),
        new DeploymentEvent.ReplicaUnwanted(STAMP, 3, VM, DeploymentEvent.Why.OUTDATED),
        new DeploymentEvent.ReplicaGone(STAMP, 3),
        new DeploymentEvent.DeleteRequested(STAMP),
        new DeploymentEvent.Deleted(STAMP));
  }

  private static VmTemplate template() {
    return new VmTemplate(
        Deployments.json(
            """
            {"plugin": "hello", "resources": {"cpu_cores": 2}, "env": {"A": "1"}}
            """));
  }

  private static List<JournalEvent> others() {
    return List.of(
        new PluginEvent.Installed(STAMP, Requests.manifest("hello"), ARTIFACT, Map.of()),
        new PluginEvent.Enabled(STAMP),
        new PluginEvent.Disabled(STAMP),
        new PluginEvent.Removed(STAMP),
        new NetworkEvent.Defined(
            STAMP, new NetworkSpec("default", "vbr0", "10.0.0.0/24", "10.0.0.1")),
        new NetworkEvent.AddressLent(STAMP, VM, "10.0.0.2"),
        new NetworkEvent.AddressReturned(STAMP, VM),
        new HostEvent.VmRegistered(STAMP, VM, 7, "web"),
        new HostEvent.VmForgotten(STAMP, VM),
        new HostEvent.PluginRegistered(STAMP, "hello"),
        new HostEvent.DeploymentRegistered(STAMP, "web"));
  }

  private static VmConfig config() {
    return new VmConfig(
        new VmConfig.PluginRef("hello", "1.2.0", "hello"),
        new VmConfig.Machine(2, 256, "debian", "quiet"),
        VmConfig.BootMedium.initramfs("https://example.org/hello.cpio.gz", ARTIFACT),
        List.of(),
        null,
        new VmConfig.Workload(
            List.of("/bin/httpd", "-f"),
            Map.of("B", "2", "A", "1"),
            "/srv",
            8_080,
            "/api",
            new VmConfig.HealthCheck("/healthz", 1_500),
            true,
            null),
        VmConfig.NetworkMode.BRIDGED,
        new VmConfig.ApiTarget("10.0.0.1", 7_777));
  }
}
