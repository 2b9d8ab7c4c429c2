package io.volant.host;

import io.volant.model.FieldProblem;
import io.volant.vm.Vm;
import java.util.List;

/** What the host answers to a request for a new VM. */
public sealed interface HostReply {

  /** The VM exists and is starting. */
  record VmCreated(Vm vm) implements HostReply {}

  /** It does not exist, and nothing is left of the attempt. */
  record Refused(Reason reason, String message, List<FieldProblem> details) implements HostReply {
    public Refused {
      details = List.copyOf(details);
    }
  }

  /** Why not. */
  enum Reason {
    NAME_TAKEN,
    PLUGIN_NOT_FOUND,
    PLUGIN_DISABLED,
    INVALID,
    HOST_RESOURCES_EXCEEDED,
    ARTIFACT_UNAVAILABLE,
    CHECKSUM_MISMATCH,
    ADDRESS_POOL_EXHAUSTED,
    NETWORK_UNAVAILABLE,
    OVERLOADED
  }
}
