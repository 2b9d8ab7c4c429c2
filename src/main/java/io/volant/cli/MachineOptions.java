package io.volant.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a VM boots and has, where it is not what the plugin says. A configuration file wins. */
final class MachineOptions {

  @Option(
      names = "--kernel",
      paramLabel = "NAME",
      description = "The kernel, by the name of its folder.")
  private @Nullable String kernel;

  @Option(
      names = "--initramfs",
      paramLabel = "FILE-or-URL",
      description = "What it boots, instead of the plugin's.")
  private @Nullable String initramfs;

  @Option(
      names = "--initramfs-checksum",
      paramLabel = "SHA256",
      description = "What that file must be.")
  private @Nullable String initramfsChecksum;

  @Option(
      names = "--restart-policy",
      paramLabel = "POLICY",
      description = "When to start it again by itself: no (default), on-failure or always.")
  private @Nullable String restartPolicy;

  @Option(
      names = "--device",
      paramLabel = "PCI-ADDRESS",
      description = "A device of the host to pass through. May be repeated.")
  private List<String> devices = new ArrayList<>();

  @Option(
      names = "--device-allowlist",
      paramLabel = "VENDOR:DEVICE",
      description = "Which devices may be passed through, such as 10de:*. May be repeated.")
  private List<String> allowlist = new ArrayList<>();

  /** Adds what was given to a configuration, where that does not say it already. */
  void addTo(ObjectNode config) throws CliFailure {
    if (kernel != null && !config.has("kernel_override")) {
      config.put("kernel_override", kernel);
    }
    if (restartPolicy != null && !config.has("restart_policy")) {
      config.put("restart_policy", restartPolicy);
    }
    addBoot(config);
    if (!(devices.isEmpty() && allowlist.isEmpty()) && !config.has("devices")) {
      ObjectNode node = config.putObject("devices");
      fill(node.putArray("pci_passthrough"), devices);
      fill(node.putArray("allowlist"), allowlist);
    }
  }

  private void addBoot(ObjectNode config) throws CliFailure {
    if (initramfs == null) {
      if (initramfsChecksum != null) {
        throw new CliFailure(
            ExitCode.USAGE, "--initramfs-checksum is of the file that --initramfs names");
      }
      return;
    }
    if (config.has("initramfs") || config.has("rootfs")) {
      return;
    }
    boolean isAddress = ManifestSource.hasScheme(initramfs);
    ObjectNode node = config.putObject("initramfs");
    node.put("url", isAddress ? initramfs : Path.of(initramfs).toAbsolutePath().toString());
    if (initramfsChecksum != null) {
      node.put("checksum", initramfsChecksum);
    }
  }

  private static void fill(ArrayNode array, List<String> values) {
    values.forEach(array::add);
  }
}
