package io.volant.vm;

import io.volant.artifact.StoredArtifact;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a VM was asked to be, resolved: what the request said, over what the plugin's
 * manifest said, over the defaults. Stored whole, so that a VM keeps the manifest it was created
 * with, and a start never looks elsewhere.
 *
 * @param plugin what the VM is an instance of
 * @param machine the virtual hardware and its kernel
 * @param boot what it boots from
 * @param workload what runs in it
 * @param network how it is connected
 * @param api where the workload finds the API, for the kernel command line; null: not told
 */
public record VmConfig(
    PluginRef plugin,
    Machine machine,
    BootMedium boot,
    Workload workload,
    NetworkMode network,
    @Nullable ApiTarget api) {

  /** The plugin, as it was at creation. */
  public record PluginRef(String name, String version, String runtime) {}

  /**
   * The virtual hardware.
   *
   * @param cpuCores 1 or more
   * @param memoryMib 1 or more
   * @param kernel name on the shelf or absolute path; null: the host's choice
   * @param kernelCmdline the user's extra words; may be empty
   */
  public record Machine(
      int cpuCores, int memoryMib, @Nullable String kernel, String kernelCmdline) {}

  /**
   * What the VM boots from.
   *
   * @param kind initramfs or root file system
   * @param url where it came from
   * @param artifact where the store has it
   */
  public record BootMedium(Kind kind, String url, StoredArtifact artifact) {

    /** The two ways to boot. */
    public enum Kind {
      INITRAMFS,
      ROOTFS
    }
  }

  /**
   * What runs in the guest.
   *
   * @param entrypoint the command line, at least the program
   * @param env its environment
   * @param workdir absolute folder in the guest
   * @param port the TCP port on which it serves, from the manifest's base_url; null: none
   * @param basePath what base_url has after the port, without a slash at its end; may be empty
   * @param health how its health is told
   * @param agent whether PID 1 is kestrel
   */
  public record Workload(
      List<String> entrypoint,
      Map<String, String> env,
      String workdir,
      @Nullable Integer port,
      String basePath,
      HealthCheck health,
      boolean agent) {

    public Workload {
      entrypoint = List.copyOf(entrypoint);
      env = Collections.unmodifiableSortedMap(new TreeMap<>(env)); // stored in one order
    }
  }

  /**
   * How the workload's health is told.
   *
   * @param path for a GET; null: a TCP connect that succeeds is enough
   * @param timeoutMs for one probe, 10 to 60000
   */
  public record HealthCheck(@Nullable String path, int timeoutMs) {}

  /** How the VM is connected. */
  public enum NetworkMode {
    /** A tap on the bridge, with an address from the lease. */
    BRIDGED,
    /** No network card: everything goes through the guest link. */
    VSOCK
  }

  /** Where the workload finds Volant's API. */
  public record ApiTarget(@Nullable String host, @Nullable Integer port) {}
}
