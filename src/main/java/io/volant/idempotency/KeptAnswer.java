package io.volant.idempotency;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An answer that can be given again.
 *
 * @param status of HTTP
 * @param headers that belong to it
 * @param contentType of the body; null: there is no body
 * @param body null: there is none, or it was too large to be kept
 */
public record KeptAnswer(
    int status, List<Header> headers, @Nullable String contentType, @Nullable String body) {

  /** The most that is kept of one body, in bytes. */
  public static final int BODY_BYTES_MAX = 64 * 1024;

  public KeptAnswer {
    headers = List.copyOf(headers);
  }

  /** A header of an answer. */
  public record Header(String name, String value) {}

  /** Whether there was a body that is not kept. */
  public boolean isDropped() {
    return contentType != null && body == null;
  }

  KeptAnswer withoutBody() {
    return new KeptAnswer(status, headers, contentType, null);
  }

  long bodyBytes() {
    return body == null ? 0 : body.getBytes(StandardCharsets.UTF_8).length;
  }
}
