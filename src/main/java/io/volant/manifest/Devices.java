package io.volant.manifest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * Host devices that the machine gets.
 *
 * @param pciPassthrough PCI addresses such as {@code 0000:01:00.0}, at most 32
 * @param allowlist vendors and devices that may be passed, such as {@code 10de:*}
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Devices(
    @JsonProperty("pci_passthrough") List<String> pciPassthrough,
    @JsonProperty("allowlist") List<String> allowlist) {

  /** Copies the lists; absent becomes empty. */
  public Devices {
    pciPassthrough = Frozen.list(pciPassthrough);
    allowlist = Frozen.list(allowlist);
  }
}
