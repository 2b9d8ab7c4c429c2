package io.volant.adapter.qemu;

import java.time.Duration;

/**
 * Settings of the QEMU driver.
 *
 * @param binary the program's name or absolute path, {@code qemu-system-x86_64}
 * @param accelerator KVM or TCG; AUTO is decided by {@code kvmUsable}
 * @param kvmUsable whether KVM works on this host
 * @param hostClockKhz frequency of the counter that a guest under TCG reads, if the host knows it
 *     for sure; 0: not known
 * @param greetingTimeout how long a started QEMU may take until QMP answers
 * @param answerTimeout how long QMP may take to answer a question
 * @param logBytesMax how long the console log and QEMU's own log may become before their older part
 *     is thrown away, each
 */
public record QemuSettings(
    String binary,
    Accelerator accelerator,
    boolean kvmUsable,
    long hostClockKhz,
    Duration greetingTimeout,
    Duration answerTimeout,
    long logBytesMax) {

  private static final long MIB = 1024L * 1024;

  /** The defaults: 10 s until QMP answers, 2 s for an answer, 4 MiB of each log. */
  public static QemuSettings of(
      String binary, Accelerator accelerator, boolean kvmUsable, long hostClockKhz) {
    return new QemuSettings(
        binary,
        accelerator,
        kvmUsable,
        hostClockKhz,
        Duration.ofSeconds(10),
        Duration.ofSeconds(2),
        4 * MIB);
  }

  /** Whether guests run under KVM. */
  boolean kvm() {
    return switch (accelerator) {
      case AUTO -> kvmUsable;
      case KVM -> true;
      case TCG -> false;
    };
  }
}
