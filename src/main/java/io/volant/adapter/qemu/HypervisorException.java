package io.volant.adapter.qemu;

/** A hypervisor could not be started or ended. The message is for people. */
public final class HypervisorException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  HypervisorException(String message) {
    super(message);
  }
}
