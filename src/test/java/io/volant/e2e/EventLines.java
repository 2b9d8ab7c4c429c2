package io.volant.e2e;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Reads an event stream as it comes from a socket: the head of the answer, chunks and all. Lines of
 * HTTP end in CR LF and those of events in LF, so they can be told apart.
 */
final class EventLines {

  /** An event, exactly as it was sent. */
  record Event(long id, String type, String data) {}

  private final Consumer<Event> onEvent;
  private byte[] line = new byte[512];
  private int length;
  private String status = "";
  private long id = -1;
  private String type = "";
  private String data = "";

  EventLines(Consumer<Event> onEvent) {
    this.onEvent = onEvent;
  }

  /** The first line of the answer; empty: it has not come yet. */
  String status() {
    return status;
  }

  void take(byte[] bytes, int count) {
    for (int i = 0; i < count; i++) {
      if (bytes[i] == '\n') {
        onLine(new String(line, 0, length, StandardCharsets.UTF_8));
        length = 0;
      } else {
        if (length == line.length) {
          line = Arrays.copyOf(line, 2 * length);
        }
        line[length++] = bytes[i];
      }
    }
  }

  private void onLine(String text) {
    if (text.endsWith("\r")) {
      status = status.isEmpty() ? text.strip() : status;
    } else if (text.startsWith("id: ")) {
      id = Long.parseLong(text.substring(4));
    } else if (text.startsWith("event: ")) {
      type = text.substring(7);
    } else if (text.startsWith("data: ")) {
      data = text.substring(6);
    } else if (text.isEmpty()) {
      onEnd();
    }
  }

  private void onEnd() {
    if (!type.isEmpty()) {
      onEvent.accept(new Event(id, type, data));
    }
    type = "";
    data = "";
  }
}
