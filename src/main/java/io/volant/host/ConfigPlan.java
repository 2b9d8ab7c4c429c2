package io.volant.host;

import io.volant.vm.Vm;
import io.volant.vm.VmConfig;

/** What a VM's config would be after a change. */
public sealed interface ConfigPlan {

  /**
   * This; all that it needs is in the store.
   *
   * @param was what is changed
   */
  record Planned(Vm.Versioned was, VmConfig config) implements ConfigPlan {}

  /** It cannot be, and nothing has changed. */
  record Refused(HostReply.Refused why) implements ConfigPlan {}

  /** There is no VM with the name. */
  record NoVm() implements ConfigPlan {}
}
