package io.volant.manifest;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The ways to connect a machine. */
public enum NetworkMode {
  /** On the host's bridge, with an address that the host leases. */
  @JsonProperty("bridged")
  BRIDGED,
  /** No network card; all traffic goes through the link to the host. */
  @JsonProperty("vsock")
  VSOCK,
  /** On the bridge, and the guest asks for its address. */
  @JsonProperty("dhcp")
  DHCP
}
