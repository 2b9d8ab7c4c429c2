package io.volant.vm;

import io.volant.artifact.StoredArtifact;
import io.volant.model.Lease;
import io.volant.model.Stamp;
import io.volant.model.VmId;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** VMs and their parts for the tests of this package. */
final class VmSamples {

  static final VmId ID = new VmId(7);
  static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  static final StoredArtifact ARTIFACT = new StoredArtifact("ab".repeat(32), "/store/ab", 1_000);
  static final LaunchSpec.Kernel KERNEL =
      new LaunchSpec.Kernel(
          "own", "/k/vmlinuz", true, List.of("/m/a.ko", "/m/b.ko"), null, List.of());
  static final Holdings.Sources SOURCES = new Holdings.Sources(ARTIFACT, List.of(), KERNEL);
  static final Holdings.Prepared PREPARED = new Holdings.Prepared("/vms/7/initrd", List.of());
  static final Lease LEASE = new Lease("10.0.0.2", 24, "10.0.0.1", ID.macAddress(), "vbr0");
  static final VmExit EXIT = new VmExit(null, 9, "killed by signal 9 (SIGKILL)", List.of());

  private VmSamples() {}

  static VmConfig config(VmConfig.NetworkMode network, boolean agent) {
    return new VmConfig(
        new VmConfig.PluginRef("hello", "1", "runtime"),
        new VmConfig.Machine(1, 64, null, ""),
        VmConfig.BootMedium.initramfs("/images/a.cpio", ARTIFACT),
        List.of(),
        null,
        new VmConfig.Workload(
            List.of("/bin/httpd", "-f"),
            Map.of("B", "2=3", "A", "1"),
            "/srv",
            8_080,
            "",
            new VmConfig.HealthCheck("/healthz", 1_500),
            agent,
            null),
        network,
        null);
  }

  /** The config with a restart policy. */
  static VmConfig with(VmConfig config, RestartPolicy policy) {
    return new VmConfig(
        config.plugin(),
        config.machine(),
        config.boot(),
        config.disks(),
        config.seed(),
        config.workload(),
        config.network(),
        config.api(),
        config.metadata(),
        policy);
  }

  static VmHandle handle(long pid) {
    return new VmHandle(
        "simulated",
        pid,
        1,
        "boot",
        "/vms/7",
        "/vms/7/control",
        "/vms/7/console.log",
        new LinkAddress(LinkAddress.Kind.VIRTIO_SERIAL, "/vms/7/link"));
  }

  /** A VM that was just created, and starts. */
  static Vm created(VmConfig config) {
    return apply(new VmState.Absent(), VmRules.create(ID, config, null));
  }

  /** The VM after what was decided; refusals change nothing. */
  static Vm apply(VmState state, Decision decision) {
    VmState now = state;
    if (decision instanceof Decision.Facts(var facts)) {
      for (Fact fact : facts) {
        now = now.on(fact.stamped(new Stamp("vm/7#1", "web", NOW, "tester", "request-1")));
      }
    }
    return (Vm) now;
  }
}
