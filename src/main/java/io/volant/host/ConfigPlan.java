package io.volant.host;

import io.volant.vm.VmConfig;

/** What a VM's config would be after a change. */
public sealed interface ConfigPlan {

  /**
   * This; all that it needs is in the store.
   *
   * @param base the version that was changed
   */
  record Planned(int base, VmConfig config) implements ConfigPlan {}

  /** It cannot be, and nothing has changed. */
  record Refused(HostReply.Refused why) implements ConfigPlan {}

  /** There is no VM with the name. */
  record NoVm() implements ConfigPlan {}
}
