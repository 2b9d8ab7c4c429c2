package io.volant.api;

import java.util.Locale;

/** The kinds of errors that programs tell apart; {@code schemas/openapi.yaml} has the same list. */
enum ErrorCode {
  INVALID_JSON(400),
  INVALID_FIELD(400),
  UNKNOWN_FIELD(400),
  UNAUTHORIZED(401),
  FORBIDDEN(403),
  NOT_FOUND(404),
  VM_NOT_FOUND(404),
  REQUEST_NOT_FOUND(404),
  PLUGIN_NOT_FOUND(404),
  PATH_NOT_FOUND(404),
  METHOD_NOT_ALLOWED(405),
  PLUGIN_DISABLED(409),
  PLUGIN_EXISTS(409),
  PLUGIN_IN_USE(409),
  NAME_TAKEN(409),
  ALREADY_RUNNING(409),
  ALREADY_STOPPED(409),
  WRONG_STATE(409),
  NOT_RUNNING(409),
  PATH_CONFLICT(409),
  ADDRESS_POOL_EXHAUSTED(409),
  IDEMPOTENCY_CONFLICT(409),
  IDEMPOTENCY_ANSWER_DROPPED(409),
  BODY_TOO_LARGE(413),
  UNSUPPORTED_MEDIA_TYPE(415),
  ARTIFACT_UNAVAILABLE(422),
  CHECKSUM_MISMATCH(422),
  HOST_RESOURCES_EXCEEDED(422),
  UPGRADE_REQUIRED(426),
  RATE_LIMITED(429),
  INTERNAL(500),
  GUEST_UNREACHABLE(502),
  OVERLOADED(503),
  NETWORK_UNAVAILABLE(503),
  GUEST_BUSY(503),
  GUEST_TIMEOUT(504),
  GUEST_FULL(507);

  private final int status;

  ErrorCode(int status) {
    this.status = status;
  }

  /** The HTTP status that goes with it. */
  int status() {
    return status;
  }

  /** As it is written in answers. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
