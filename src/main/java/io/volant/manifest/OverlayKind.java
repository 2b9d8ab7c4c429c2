package io.volant.manifest;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where a guest's changes to a read-only root file system go. */
public enum OverlayKind {
  /** A disk of the machine's own: they are there after a stop and a start. */
  @JsonProperty("disk")
  DISK,
  /** The guest's memory: they are gone after a stop. */
  @JsonProperty("memory")
  MEMORY
}
