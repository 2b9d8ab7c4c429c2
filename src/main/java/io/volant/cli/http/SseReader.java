package io.volant.cli.http;

import org.jspecify.annotations.Nullable;

/** Puts the lines of a stream of server-sent events together to frames. */
final class SseReader {
  private static final int DATA_LIMIT_CHARS = 1 << 20;

  private final LineStream lines;

  SseReader(LineStream lines) {
    this.lines = lines;
  }

  /**
   * The next frame, or {@code null} at the end of the stream. A frame that the end cuts off is left
   * out.
   */
  @Nullable SseFrame next() throws ApiFailure {
    String id = "";
    String type = "";
    StringBuilder data = new StringBuilder();
    boolean empty = true;
    for (String line = lines.next(); line != null; line = lines.next()) {
      if (line.isEmpty()) {
        if (!empty) {
          return new SseFrame(id, type, data.toString());
        }
        continue;
      }
      int colon = line.indexOf(':');
      String field = colon < 0 ? line : line.substring(0, colon);
      String value = colon < 0 ? "" : line.substring(colon + 1);
      value = value.startsWith(" ") ? value.substring(1) : value;
      empty &= field.isEmpty();
      switch (field) {
        case "id" -> id = value;
        case "event" -> type = value;
        case "data" -> append(data, value);
        default -> {
          // A comment (the heartbeat) or a field of a newer daemon.
        }
      }
    }
    return null;
  }

  private static void append(StringBuilder data, String value) throws ApiFailure {
    if (data.length() + value.length() > DATA_LIMIT_CHARS) {
      throw new ApiFailure.Lost("an event of the stream is too long", null);
    }
    if (!data.isEmpty()) {
      data.append('\n');
    }
    data.append(value);
  }
}
