package io.volant.vm;

/**
 * The host's end of the guest link: a unix socket, plain (virtio-serial) or with a {@code CONNECT}
 * line first (vsock of Cloud Hypervisor and Firecracker).
 *
 * @param kind how to greet
 * @param socket absolute path
 */
public record LinkAddress(Kind kind, String socket) {

  /** How the byte stream begins. */
  public enum Kind {
    /** At once. */
    VIRTIO_SERIAL,
    /** With {@code CONNECT 1024\n}, answered by {@code OK …\n}. */
    VSOCK,
    /** No agent in the guest: the VM has no link. */
    NONE
  }
}
