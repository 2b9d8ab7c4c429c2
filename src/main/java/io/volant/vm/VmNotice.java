package io.volant.vm;

import io.volant.model.VmId;

/** What a VM tells the host, or wants of it. */
public sealed interface VmNotice {

  VmId vmId();

  /** Its journal has been read. {@code exists} is false where nothing was in it. */
  record Recovered(VmId vmId, boolean exists) implements VmNotice {}

  /** It wants an address; answered with AddressGranted or AddressDenied. May be repeated. */
  record AddressWanted(VmId vmId, int attempt) implements VmNotice {}

  /** It gives its address back; answered with AddressReturned. May be repeated. */
  record AddressUnwanted(VmId vmId) implements VmNotice {}

  /** Its phase is another one now. */
  record Changed(VmId vmId, Vm vm) implements VmNotice {}

  /** It was deleted and holds nothing any more. May be repeated. */
  record Gone(VmId vmId) implements VmNotice {}
}
