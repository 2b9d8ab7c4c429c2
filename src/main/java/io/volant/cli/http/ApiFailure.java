package io.volant.cli.http;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Why a call to the API has no good answer. The message is one line for people. */
public abstract sealed class ApiFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private ApiFailure(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }

  /** No connection could be made, so nothing was asked. */
  public static final class Unreachable extends ApiFailure {
    private static final long serialVersionUID = 1L;

    Unreachable(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** The connection broke before the answer was complete; what was asked may have been done. */
  public static final class Lost extends ApiFailure {
    private static final long serialVersionUID = 1L;

    Lost(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** No answer came in time; what was asked may have been done. */
  public static final class Late extends ApiFailure {
    private static final long serialVersionUID = 1L;

    Late(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** The API answered with an error. */
  public static final class Refused extends ApiFailure {
    private static final long serialVersionUID = 1L;
    private final int status;
    private final String code;

    Refused(int status, String code, String message) {
      super(message, null);
      this.status = status;
      this.code = code;
    }

    /** The HTTP status, 300 or more. */
    public int status() {
      return status;
    }

    /** The stable code of the error, such as {@code name_taken}; empty if the answer had none. */
    public String code() {
      return code;
    }
  }
}
