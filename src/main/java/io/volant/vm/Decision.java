package io.volant.vm;

import java.util.List;

/** What a VM decides about something that it was told: facts to store, or a refusal. Pure. */
sealed interface Decision {

  /** These happen, in this order; none: nothing changes. Each is still to be stamped. */
  record Facts(List<Fact> facts) implements Decision {
    public Facts {
      facts = List.copyOf(facts);
    }
  }

  /** Nothing happens, for this reason. */
  record Refusal(VmReply.Reason reason, String message) implements Decision {}

  static Facts facts(Fact... facts) {
    return new Facts(List.of(facts));
  }

  static Facts nothing() {
    return new Facts(List.of());
  }

  static Refusal refusal(VmReply.Reason reason, Vm vm, String why) {
    return new Refusal(reason, "VM " + vm.name() + " " + why);
  }
}
