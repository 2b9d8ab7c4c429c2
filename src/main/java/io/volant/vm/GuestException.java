package io.volant.vm;

/** The guest could not be reached, or refused. The message is for people. */
public final class GuestException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public GuestException(String message) {
    super(message);
  }
}
