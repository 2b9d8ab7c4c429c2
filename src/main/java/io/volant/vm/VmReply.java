package io.volant.vm;

/** What a VM answers. */
public sealed interface VmReply {

  /** Done, or begun: the VM as it is now. */
  record Accepted(Vm vm) implements VmReply {}

  /** Not done, and nothing has changed. */
  record Refused(Reason reason, String message) implements VmReply {}

  /** Why not. */
  enum Reason {
    ALREADY_EXISTS,
    NOT_FOUND,
    ALREADY_RUNNING,
    ALREADY_STOPPED,
    /** In between: starting, stopping, being deleted. */
    WRONG_STATE,
    /** The config is another one than the change was made for. */
    VERSION_MISMATCH,
    TOO_MANY_WAITING
  }
}
