package io.volant.artifact;

/** How the bytes of a disk lie in a file. What is in a file is never found out by looking. */
public enum DiskFormat {
  /** One after the other. */
  RAW,
  /** As a QEMU copy-on-write image, version 2 or 3. */
  QCOW2
}
