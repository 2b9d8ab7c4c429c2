package io.volant.manifest;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A plugin manifest that has been checked: what boots, on which machine, and what runs there. Get
 * one from {@link ManifestReader}; its JSON is that of {@code schemas/plugin-manifest-v1.json}.
 *
 * <p>The document is flat and has twenty fields. Here they are grouped by what they are about, and
 * the groups are unwrapped in JSON. The methods below answer the common questions with the defaults
 * applied.
 */
public record PluginManifest(
    @JsonUnwrapped PluginIdentity identity,
    @JsonProperty("resources") Resources resources,
    @JsonProperty("workload") Workload workload,
    @JsonUnwrapped BootChoice boot,
    @JsonUnwrapped MachineParts machine,
    @JsonUnwrapped ServiceDescription service,
    @JsonUnwrapped Lineage lineage) {

  /** The plugin's name. */
  public String name() {
    return identity.name();
  }

  /** The plugin's version. */
  public String version() {
    return identity.version();
  }

  /** The runtime that VMs of this plugin report; the name where the document has none. */
  public String runtime() {
    return Objects.requireNonNullElse(identity.runtime(), identity.name());
  }

  /** Whether the plugin starts enabled: yes, unless the document says false. */
  public boolean enabled() {
    return !Boolean.FALSE.equals(identity.enabled());
  }

  /**
   * Whether it says the same as another one: an absent {@code enabled} says true, an absent {@code
   * runtime} the name.
   */
  public boolean saysTheSameAs(PluginManifest other) {
    return explicit().equals(other.explicit());
  }

  private PluginManifest explicit() {
    PluginIdentity said =
        new PluginIdentity(
            identity.schema(), identity.schemaVersion(), name(), version(), runtime(), enabled());
    return new PluginManifest(said, resources, workload, boot, machine, service, lineage);
  }

  /**
   * What the machine boots from.
   *
   * @throws IllegalStateException when neither or both are there, which {@link ManifestReader}
   *     never lets through
   */
  public BootMedium bootMedium() {
    Initramfs initramfs = boot.initramfs();
    Rootfs rootfs = boot.rootfs();
    if (initramfs != null && rootfs == null) {
      return initramfs;
    }
    if (rootfs != null && initramfs == null) {
      return rootfs;
    }
    throw new IllegalStateException(
        "manifest " + name() + " must have exactly one of initramfs and rootfs");
  }

  /** The extra disks. */
  public List<Disk> disks() {
    return machine.disks();
  }

  /** The cloud-init seed, if any. */
  public @Nullable CloudInit cloudInit() {
    return machine.cloudInit();
  }

  /** The network as written, if any. */
  public @Nullable NetworkSettings network() {
    return machine.network();
  }

  /** How the machine is connected; bridged where the document does not say. */
  public NetworkMode networkMode() {
    NetworkSettings network = machine.network();
    return network == null
        ? NetworkMode.BRIDGED
        : Objects.requireNonNullElse(network.mode(), NetworkMode.BRIDGED);
  }

  /** The host devices, if any. */
  public @Nullable Devices devices() {
    return machine.devices();
  }

  /** The actions by name. */
  public Map<String, Action> actions() {
    return service.actions();
  }

  /** The health check, if any. */
  public @Nullable HealthCheck healthCheck() {
    return service.healthCheck();
  }

  /** Where the program's own API description is, if anywhere. */
  public @Nullable String openapi() {
    return service.openapi();
  }

  /**
   * The labels of the document and the two that are always set: {@code volant.plugin}, {@code
   * volant.runtime}.
   */
  public Map<String, String> allLabels() {
    Map<String, String> all = new LinkedHashMap<>(lineage.labels());
    all.put(Lineage.PLUGIN_LABEL, name());
    all.put(Lineage.RUNTIME_LABEL, runtime());
    return Frozen.map(all);
  }
}
