package io.volant.adapter.qemu;

/** How QEMU runs the guest's instructions. */
public enum Accelerator {
  /** KVM where it is usable, else TCG. */
  AUTO,
  /** On the CPU itself. */
  KVM,
  /** Translated, which works on every machine. */
  TCG
}
