package io.volant.host;

import io.volant.host.VmRequest.Api;
import io.volant.host.VmRequest.Config;
import io.volant.plugin.Plugin;
import io.volant.vm.Vm;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A change of a VM's config, field by field: what the change says over what it leaves of the VM's.
 * {@code resources} and {@code api} are merged within, as are the documents of cloud-init; every
 * other field replaces what was there. Pure.
 */
final class ConfigChange {

  private final Vm vm;
  private final VmInWords words;
  private final Config was;
  private final Config change;

  ConfigChange(Vm vm, VmRequest.Change change) {
    this.vm = vm;
    this.words = new VmInWords(new Removals(change.removed()).from(vm.intent().newest().config()));
    this.was = words.request();
    this.change = change.config();
  }

  /** The version that is changed. */
  Vm.Versioned base() {
    return vm.intent().newest();
  }

  /** What the VM would be with the change; its problems name what is wrong with it. */
  VmPlan plan(HostCapacity capacity) {
    Map<String, String> had = was.env();
    Plugin plugin = words.plugin(change.env() != null || had == null ? Map.of() : had);
    VmRequest request =
        new VmRequest(vm.name(), plugin.name(), null, null, null, null, null, null, merged());
    return VmPlan.of(request, plugin, capacity);
  }

  /** What is left out here is in the plugin that the VM is taken for. */
  private Config merged() {
    return new Config(
        change.plugin(),
        change.runtime(),
        or(change.kernelCmdline(), was.kernelCmdline()),
        or(change.kernelOverride(), was.kernelOverride()),
        change.resources(),
        api(),
        change.manifest(),
        change.network(),
        change.initramfs(),
        change.rootfs(),
        change.cloudInit(),
        change.env(),
        change.healthCheck(),
        or(change.metadata(), was.metadata()),
        or(change.restart(), was.restart()));
  }

  private @Nullable Api api() {
    Api had = was.api();
    Api asked = change.api();
    return had == null || asked == null
        ? or(asked, had)
        : new Api(or(asked.host(), had.host()), or(asked.port(), had.port()));
  }

  private static <T> @Nullable T or(@Nullable T asked, @Nullable T had) {
    return asked == null ? had : asked;
  }
}
