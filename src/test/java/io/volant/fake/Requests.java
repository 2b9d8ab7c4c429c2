package io.volant.fake;

import io.volant.host.HostCommand;
import io.volant.host.HostReply;
import io.volant.host.VmRequest;
import io.volant.manifest.ManifestReader;
import io.volant.manifest.ManifestResult;
import io.volant.manifest.PluginManifest;
import io.volant.model.Asker;
import io.volant.plugin.PluginReply;
import io.volant.vm.Vm;
import io.volant.vm.VmCommand.Goal;
import io.volant.vm.VmReply;
import java.nio.charset.StandardCharsets;

/** What tests ask of a daemon, in short words. */
public final class Requests {

  private static final Asker TESTER = new Asker("tester", "request-1");

  private Requests() {}

  /** The manifest of a small plugin. */
  public static PluginManifest manifest(String name) {
    String text =
        """
        {"schema_version": "1.0", "name": "%s", "version": "1", "runtime": "%s",
         "initramfs": {"url": "/images/%s.cpio.gz"},
         "resources": {"cpu_cores": 1, "memory_mb": 64},
         "workload": {"type": "http", "entrypoint": ["/bin/true"], "base_url": "http://127.0.0.1:8080"},
         "health_check": {"endpoint": "/", "timeout_ms": 1000}}
        """
            .formatted(name, name, name);
    return read(text);
  }

  /** The manifest of a plugin with a root file system, a further disk and a seed. */
  public static PluginManifest rootfsManifest(String name) {
    return read(
        """
        {"schema_version": "1.0", "name": "%s", "version": "1", "runtime": "%s",
         "rootfs": {"url": "/images/%s.squashfs", "format": "squashfs"},
         "disks": [{"name": "data", "source": "/images/data.ext4", "target": "/data"}],
         "cloud_init": {"user_data": {"content": "#cloud-config"}},
         "resources": {"cpu_cores": 1, "memory_mb": 64},
         "workload": {"type": "http", "entrypoint": ["/bin/true"], "base_url": "http://127.0.0.1:8080",
                      "user": "www-data"}}
        """
            .formatted(name, name, name));
  }

  /** A manifest that must be valid. */
  public static PluginManifest read(String text) {
    return switch (new ManifestReader().read(text.getBytes(StandardCharsets.UTF_8))) {
      case ManifestResult.Valid(var manifest) -> manifest;
      case ManifestResult.Invalid(var problems) ->
          throw new IllegalArgumentException(problems.toString());
    };
  }

  public static PluginReply install(SimulatedHost host, String name) {
    return install(host, manifest(name));
  }

  public static PluginReply install(SimulatedHost host, PluginManifest manifest) {
    return host.ask(replyTo -> new HostCommand.InstallPlugin(manifest, false, TESTER, replyTo));
  }

  /** A request with these extra words for the simulated driver. */
  public static VmRequest request(String name, String plugin, String words) {
    return new VmRequest(name, plugin, null, null, null, words, null, null, null);
  }

  /** The same with a restart policy, on the plugin {@code hello}. */
  public static VmRequest restarting(String name, String words, VmRequest.Restart restart) {
    VmRequest.Config config =
        new VmRequest.Config(
            null, null, null, null, null, null, null, null, null, null, null, null, null, null,
            restart);
    return new VmRequest(name, "hello", null, null, null, words, null, null, config);
  }

  public static HostReply create(SimulatedHost host, VmRequest request) {
    return host.ask(replyTo -> new HostCommand.CreateVm(request, TESTER, replyTo));
  }

  public static HostReply create(SimulatedHost host, String name, String words) {
    return create(host, request(name, "hello", words));
  }

  public static VmReply start(SimulatedHost host, String name) {
    return host.ask(replyTo -> new HostCommand.StartVm(name, TESTER, replyTo));
  }

  public static VmReply stop(SimulatedHost host, String name) {
    return host.ask(replyTo -> new HostCommand.StopVm(name, TESTER, replyTo));
  }

  public static VmReply restart(SimulatedHost host, String name) {
    return host.ask(replyTo -> new HostCommand.RestartVm(name, TESTER, replyTo));
  }

  public static VmReply delete(SimulatedHost host, String name) {
    return host.ask(replyTo -> new HostCommand.DeleteVm(name, TESTER, replyTo));
  }

  /** The VM once the goal is reached or out of reach. */
  public static Vm await(SimulatedHost host, String name, Goal goal) {
    VmReply reply = host.ask(replyTo -> new HostCommand.AwaitVm(name, goal, replyTo));
    return switch (reply) {
      case VmReply.Accepted(var vm) -> vm;
      case VmReply.Refused(var reason, var message) ->
          throw new AssertionError(reason + ": " + message);
    };
  }
}
