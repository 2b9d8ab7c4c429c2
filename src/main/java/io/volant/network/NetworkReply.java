package io.volant.network;

import io.volant.model.Lease;
import io.volant.model.VmId;

/** What a network answers. */
public sealed interface NetworkReply {

  VmId vmId();

  /** The VM has this address. */
  record Lent(VmId vmId, Lease lease) implements NetworkReply {}

  /** The VM has no address any more. */
  record Returned(VmId vmId) implements NetworkReply {}

  /** The VM gets none. */
  record Refused(VmId vmId, Reason reason, String message) implements NetworkReply {}

  /** Why not. */
  enum Reason {
    /** All addresses are lent. */
    EXHAUSTED,
    /** The host's side is not up. */
    UNAVAILABLE
  }
}
