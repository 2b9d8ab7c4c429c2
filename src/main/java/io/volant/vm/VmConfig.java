package io.volant.vm;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.volant.artifact.DiskFormat;
import io.volant.artifact.StoredArtifact;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a VM was asked to be, resolved: what the request said, over what the plugin's
 * manifest said, over the defaults. Stored whole, so that a VM keeps the manifest it was created
 * with, and a start never looks elsewhere. What came later is left out of the journal where it says
 * nothing, and what an older daemon wrote is read as such.
 *
 * @param plugin what the VM is an instance of
 * @param machine the virtual hardware and its kernel
 * @param boot what it boots from
 * @param disks its disks besides, in the manifest's order
 * @param seed the documents of its cloud-init seed; null: no seed
 * @param workload what runs in it
 * @param network how it is connected
 * @param api where the workload finds the API, for the kernel command line; null: not told
 * @param metadata words of the user's own; nothing is done with them
 * @param restart when it is started again; null: never
 */
public record VmConfig(
    PluginRef plugin,
    Machine machine,
    BootMedium boot,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<ExtraDisk> disks,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Seed seed,
    Workload workload,
    NetworkMode network,
    @Nullable ApiTarget api,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, String> metadata,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable RestartPolicy restart) {

  public VmConfig {
    disks = List.copyOf(Objects.requireNonNullElse(disks, List.of()));
    metadata =
        Collections.unmodifiableSortedMap(
            new TreeMap<>(Objects.requireNonNullElse(metadata, Map.of())));
  }

  /** A config without metadata, of a VM that is never started again. */
  public VmConfig(
      PluginRef plugin,
      Machine machine,
      BootMedium boot,
      List<ExtraDisk> disks,
      @Nullable Seed seed,
      Workload workload,
      NetworkMode network,
      @Nullable ApiTarget api) {
    this(plugin, machine, boot, disks, seed, workload, network, api, Map.of(), null);
  }

  /** When the VM is started again. */
  public RestartPolicy restartPolicy() {
    return Objects.requireNonNullElseGet(restart, RestartPolicy::no);
  }

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
   * @param root how to use a root file system; null for an initramfs
   */
  public record BootMedium(
      Kind kind,
      String url,
      StoredArtifact artifact,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable RootDisk root) {

    /** The two ways to boot. */
    public enum Kind {
      INITRAMFS,
      ROOTFS
    }

    /** An initramfs. */
    public static BootMedium initramfs(String url, StoredArtifact artifact) {
      return new BootMedium(Kind.INITRAMFS, url, artifact, null);
    }
  }

  /**
   * How a root file system is used.
   *
   * @param format of the image
   * @param fileSystem what it was said to be, or looked like when it was fetched; null: not known
   * @param overlay where changes go, if nobody can write to the file system itself
   * @param overlaySize how much of them: {@code 2G}, or {@code 50%} of the memory; null: the host's
   *     default
   */
  public record RootDisk(
      DiskFormat format,
      @Nullable String fileSystem,
      Overlay overlay,
      @Nullable String overlaySize) {

    /** Where changes to a read-only file system go. */
    public enum Overlay {
      /** To a disk of the VM's own. */
      DISK,
      /** To the guest's memory: gone after a stop. */
      MEMORY
    }

    /** Whether nobody can write to the file system, so that an overlay is laid over it. */
    public boolean writeProtected() {
      return "squashfs".equals(fileSystem) || "erofs".equals(fileSystem);
    }
  }

  /**
   * A disk besides the one that the VM boots from.
   *
   * @param name unique in the VM
   * @param url where its image came from
   * @param image where the store has that
   * @param format of the image
   * @param readOnly whether the guest may not write; what it writes goes to a disk of its own
   * @param target the folder to mount it at; anything else than an absolute path is only a wish
   * @param fileSystem what the image looked like when it was fetched; null: not known
   */
  public record ExtraDisk(
      String name,
      String url,
      StoredArtifact image,
      DiskFormat format,
      boolean readOnly,
      @Nullable String target,
      @Nullable String fileSystem) {}

  /**
   * The documents of a cloud-init seed.
   *
   * @param userData null: an empty one
   * @param metaData null: one with the VM's id and name
   * @param networkConfig null: none
   */
  public record Seed(
      @Nullable String userData, @Nullable String metaData, @Nullable String networkConfig) {}

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
   * @param user who runs it, {@code USER} or {@code USER:GROUP}; null: root
   */
  public record Workload(
      List<String> entrypoint,
      Map<String, String> env,
      String workdir,
      @Nullable Integer port,
      String basePath,
      HealthCheck health,
      boolean agent,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String user) {

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
