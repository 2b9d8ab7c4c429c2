package io.volant.vm;

/**
 * A thing on the host that a VM holds, or may hold: it is claimed by the event that begins the step
 * which makes it, so that a crash in between leaves nothing unknown.
 */
public enum Claim {
  PROCESS,
  TAP,
  /** What one run needed in its folder: sockets, initramfs. */
  RUN_FILES,
  /** The folder itself, with the console log and later its disks: kept until the VM is deleted. */
  FOLDER,
  ADDRESS
}
