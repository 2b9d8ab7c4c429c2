package io.volant.manifest;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How an extra disk is stored. */
public enum DiskFormat {
  /** Plain bytes of a disk. */
  @JsonProperty("raw")
  RAW,
  /** A QEMU copy-on-write image. */
  @JsonProperty("qcow2")
  QCOW2
}
