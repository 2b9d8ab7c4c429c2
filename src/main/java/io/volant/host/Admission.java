package io.volant.host;

import io.volant.host.HostReply.Reason;
import io.volant.plugin.Plugin;
import io.volant.plugin.PluginDirectory;
import io.volant.vm.Vm;
import java.util.Optional;

/** Whether a new VM may be: the checks that need nothing but what the host knows. */
sealed interface Admission {

  /** It may; this is how. */
  record Granted(VmPlan plan) implements Admission {}

  /** It may not. */
  record Denied(HostReply.Refused refused) implements Admission {}

  /** An earlier run of the same request made it, before the daemon died. */
  record Made(Vm vm) implements Admission {}

  static Admission of(
      HostCommand.CreateVm create,
      HostState state,
      Creations creations,
      HostPorts.Directories directories,
      HostCapacity capacity) {
    VmRequest request = create.request();
    String name = request.name();
    Optional<Vm> made =
        directories
            .vms()
            .find(name)
            .filter(vm -> create.asker().isOnce())
            .filter(vm -> vm.identity().maker().cause().equals(create.asker().cause()));
    if (made.isPresent()) {
      return new Made(made.get());
    }
    if (state.idsByName().containsKey(name) || creations.has(name)) {
      return denied(Reason.NAME_TAKEN, "name", "\"" + name + "\" is taken");
    }
    return switch (ofConfig(request, directories.plugins(), capacity)) {
      case Denied denied -> denied;
      case Granted granted ->
          creations.isFull()
              ? denied(Reason.OVERLOADED, "name", "too many VMs are being created; try again")
              : granted;
      case Made other -> other;
    };
  }

  /** Whether there can be such a VM, whatever it is called. */
  static Admission ofConfig(VmRequest request, PluginDirectory plugins, HostCapacity capacity) {
    Optional<Plugin> plugin = plugins.find(request.plugin());
    if (plugin.isEmpty()) {
      return denied(
          Reason.PLUGIN_NOT_FOUND, "plugin", "there is no plugin \"" + request.plugin() + "\"");
    }
    if (!plugin.get().enabled()) {
      return denied(Reason.PLUGIN_DISABLED, "plugin", "\"" + request.plugin() + "\" is disabled");
    }
    VmPlan plan = VmPlan.of(request, plugin.get(), capacity);
    if (!plan.problems().isEmpty()) {
      return new Denied(Refusals.of(plan, capacity));
    }
    return new Granted(plan);
  }

  private static Denied denied(Reason reason, String field, String message) {
    return new Denied(Refusals.of(reason, field, message));
  }
}
