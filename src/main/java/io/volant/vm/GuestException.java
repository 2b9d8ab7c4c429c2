package io.volant.vm;

/** The guest could not be reached, or refused. The message is for people. */
public final class GuestException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** What kind of refusal it is. */
  public enum Reason {
    /** There is no link, or nothing answered on it as it should. */
    UNREACHABLE,
    /** What was asked for is wrong: a bad path, a broken archive. */
    INVALID,
    /** There is no such path in the guest. */
    PATH_NOT_FOUND,
    /** Something of another kind is in the way in the guest. */
    PATH_CONFLICT,
    /** The guest has too much to do, or is shutting down. */
    BUSY,
    /** The guest's file system is full. */
    FULL
  }

  private final Reason reason;

  /** One that says that the guest could not be reached. */
  public GuestException(String message) {
    this(Reason.UNREACHABLE, message);
  }

  public GuestException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
