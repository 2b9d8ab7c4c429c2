package io.volant.vm;

/** What became of a process while nobody looked. */
public sealed interface Adoption {

  /** It is the same process (pid and start time), and its control socket answers. */
  record Alive() implements Adoption {}

  /** It is surely gone: no such pid, or the pid belongs to a process with another start time. */
  record Gone(VmExit exit) implements Adoption {}

  /** It cannot be told: the VM is kept, and asked again later. */
  record Unsure(String reason) implements Adoption {}
}
