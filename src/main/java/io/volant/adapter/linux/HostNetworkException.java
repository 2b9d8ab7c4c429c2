package io.volant.adapter.linux;

/** The host's network could not be changed. The message says what was tried and what is missing. */
public final class HostNetworkException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  HostNetworkException(String message, Throwable cause) {
    super(message, cause);
  }
}
