package io.volant.manifest;

import com.fasterxml.jackson.annotation.JsonProperty;

/** A transport whose ports can be exposed. */
public enum Protocol {
  /** TCP. */
  @JsonProperty("tcp")
  TCP,
  /** UDP. */
  @JsonProperty("udp")
  UDP
}
