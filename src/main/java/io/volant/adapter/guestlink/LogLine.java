package io.volant.adapter.guestlink;

import com.fasterxml.jackson.databind.JsonNode;
import io.volant.vm.GuestLogLine;
import org.apache.pekko.util.ByteString;

/** A line of {@code GET /v1/logs} as a value. Pure. */
final class LogLine {

  private static final int STREAM_LENGTH_MAX = 16;

  private LogLine() {}

  /**
   * The log line.
   *
   * @throws BrokenRules if the line is not what the protocol says
   */
  static GuestLogLine parse(ByteString line) {
    JsonNode object = BoundedJson.object(line);
    return new GuestLogLine(
        BoundedJson.count(object, "seq"),
        BoundedJson.count(object, "uptime_ms"),
        BoundedJson.text(object, "stream", STREAM_LENGTH_MAX),
        BoundedJson.text(object, "line", BoundedJson.LINE_BYTES_MAX));
  }
}
