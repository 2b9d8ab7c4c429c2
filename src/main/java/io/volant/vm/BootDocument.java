package io.volant.vm;

import io.volant.model.Lease;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes what the guest's agent must know, as {@code kestrel/PROTOCOL.md} §1 says: records {@code
 * key=value}, each ended by a NUL byte.
 */
final class BootDocument {

  private static final int PROBE_TIMEOUT_MS_MIN = 10;
  private static final int PROBE_TIMEOUT_MS_MAX = 60_000;
  private static final long STOP_TIMEOUT_MS_MAX = 600_000;
  private static final int SIZE_MAX = 64 * 1_024;

  private static final Set<String> ROOT_FILE_SYSTEMS =
      Set.of("ext4", "xfs", "btrfs", "squashfs", "erofs");

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private BootDocument() {}

  /**
   * The document of one start of {@code vm}. Every machine has one: a first process of the plugin's
   * own finds the modules, in their order, and the address in it.
   *
   * @param modules guest paths of the kernel modules to load, in this order
   * @param dns addresses of resolvers, for a VM that has a network
   * @throws IllegalArgumentException with a message for people, when it would not be readable
   */
  static byte[] of(Vm vm, List<String> modules, long stopTimeoutMs, List<String> dns) {
    BootDocument document = new BootDocument();
    document.put("boot", "1");
    document.put("vm", vm.id().toString());
    document.put("hostname", vm.name());
    modules.forEach(module -> document.put("module", module));
    document.putLease(vm.holdings().lease(), dns);
    document.putDisks(vm.config().config());
    document.putWorkload(vm.config().config().workload());
    document.put(
        "stop_timeout_ms", Long.toString(Math.clamp(stopTimeoutMs, 0, STOP_TIMEOUT_MS_MAX)));
    if (document.bytes.size() > SIZE_MAX) {
      throw new IllegalArgumentException(
          "entrypoint and environment take "
              + document.bytes.size()
              + " bytes in the boot document, at most "
              + SIZE_MAX
              + " are allowed; make the environment smaller");
    }
    return document.bytes.toByteArray();
  }

  private void putLease(@Nullable Lease lease, List<String> dns) {
    if (lease == null) {
      return;
    }
    put("address", lease.ipAddress() + "/" + lease.prefix());
    put("gateway", lease.gateway());
    put("mac", lease.mac());
    dns.forEach(resolver -> put("dns", resolver));
  }

  private void putDisks(VmConfig config) {
    VmConfig.RootDisk root = config.boot().root();
    if (root != null) {
      put("root_disk", DiskPlan.ROOT);
      String fileSystem = root.fileSystem();
      if (fileSystem != null && ROOT_FILE_SYSTEMS.contains(fileSystem)) {
        put("root_fstype", fileSystem);
      }
      String size = root.overlaySize();
      if (DiskPlan.hasOverlayDisk(root)) {
        put("overlay_disk", DiskPlan.OVERLAY);
      } else if (size != null && root.overlay() == VmConfig.RootDisk.Overlay.MEMORY) {
        put("overlay_size", OverlaySize.ofMemory(size));
      }
    }
    for (VmConfig.ExtraDisk disk : config.disks()) {
      String target = disk.target();
      if (target != null && target.startsWith("/")) {
        String mode = disk.readOnly() ? "ro" : "rw";
        put("disk", DiskPlan.serial(disk.name()) + ":" + mode + ":" + target);
      }
    }
  }

  private void putWorkload(VmConfig.Workload workload) {
    workload.entrypoint().forEach(word -> put("arg", word));
    new TreeMap<>(workload.env()).forEach((name, value) -> put("env", name + "=" + value));
    put("workdir", workload.workdir());
    if (workload.user() != null) {
      put("user", workload.user());
    }
    Integer port = workload.port();
    if (port == null) {
      return;
    }
    put("probe_port", port.toString());
    VmConfig.HealthCheck health = workload.health();
    if (health.path() != null) {
      put("probe_path", health.path());
    }
    int timeoutMs = Math.clamp(health.timeoutMs(), PROBE_TIMEOUT_MS_MIN, PROBE_TIMEOUT_MS_MAX);
    put("probe_timeout_ms", Integer.toString(timeoutMs));
  }

  private void put(String key, String value) {
    if (value.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(key + " holds a NUL byte");
    }
    bytes.writeBytes((key + "=" + value + "\0").getBytes(StandardCharsets.UTF_8));
  }
}
