package io.volant.cli;

import io.volant.cli.http.ApiFailure;

/**
 * What {@code volar} ends with: a number of its own for each kind of error, for scripts. The
 * numbers never change.
 */
public enum ExitCode {
  /** Done. */
  OK(0, "done"),
  /** A bug in {@code volar} or an answer that it does not understand. */
  INTERNAL(1, "something unexpected in volar itself"),
  /** The command line is wrong. */
  USAGE(2, "the command line is wrong"),
  /** No connection to the daemon, or it broke. */
  UNREACHABLE(3, "volantd cannot be reached, or the connection broke"),
  /** The VM, plugin or deployment does not exist (404). */
  NOT_FOUND(4, "the VM, plugin or deployment does not exist"),
  /** The state does not allow it: a name is taken, a VM runs already (409, 412). */
  CONFLICT(5, "the present state does not allow it"),
  /** The request is wrong or cannot be fulfilled by this host (other 4xx). */
  INVALID(6, "volantd refuses the request as wrong"),
  /** The daemon failed (5xx). */
  SERVER_ERROR(7, "volantd failed"),
  /** It took longer than was allowed. */
  TIMEOUT(8, "it took longer than allowed"),
  /** The VM crashed, or the rollout failed, while it was waited for. */
  VM_FAILED(9, "the VM or the rollout failed while it was waited for"),
  /** The API key is missing or wrong, or the address is not allowed (401, 403). */
  DENIED(10, "the API key or the address is not accepted"),
  /** A file cannot be read or has the wrong content. */
  FILE(11, "a file cannot be read or has wrong content"),
  /** {@code volar doctor} found that something needed is missing. */
  NOT_READY(12, "volar doctor found something missing");

  private final int number;
  private final String meaning;

  ExitCode(int number, String meaning) {
    this.number = number;
    this.meaning = meaning;
  }

  /** The exit status of the process. */
  public int number() {
    return number;
  }

  /** One line for the help text. */
  public String meaning() {
    return meaning;
  }

  static ExitCode of(ApiFailure failure) {
    return switch (failure) {
      case ApiFailure.Unreachable _, ApiFailure.Lost _ -> UNREACHABLE;
      case ApiFailure.Late _ -> TIMEOUT;
      case ApiFailure.Refused refused -> ofStatus(refused.status());
    };
  }

  private static ExitCode ofStatus(int status) {
    if (status >= 500) {
      return SERVER_ERROR;
    }
    return switch (status) {
      case 401, 403 -> DENIED;
      case 404 -> NOT_FOUND;
      case 409, 412 -> CONFLICT;
      default -> INVALID;
    };
  }
}
