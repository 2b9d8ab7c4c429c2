package io.volant.api;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** HTTP as bytes, for requests that no client library would send. */
final class RawHttp {

  private static final int PATIENCE_MS = (int) RunningApi.PATIENCE.toMillis();
  private static final String GO_ON = "HTTP/1.1 100 ";
  private static final int ENOUGH_BYTES = 32 << 20;

  private RawHttp() {}

  /**
   * What came back first.
   *
   * @param status 0: nothing came, negative: nothing came in time
   * @param head status line and headers
   * @param body as far as it was read: of a stream without an end, nothing is
   */
  record Answer(int status, String head, String body) {

    String header(String name) {
      return head.lines()
          .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
          .map(line -> line.substring(name.length() + 1).strip())
          .findFirst()
          .orElse("");
    }

    boolean isStream() {
      String type = header("Content-Type");
      return status == 101
          || type.startsWith("text/event-stream")
          || type.startsWith("application/x-ndjson");
    }
  }

  /** Sends bytes, then nothing more, and gives the answer to the first request in them. */
  static Answer ask(int port, byte[] request) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(PATIENCE_MS);
      try {
        socket.getOutputStream().write(request);
        socket.shutdownOutput();
      } catch (SocketException hungUp) {
        // a server that has said why may hang up on the rest
      }
      return read(socket.getInputStream());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static Answer read(InputStream in) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] part = new byte[16 << 10];
    int bodyAt = -1;
    try {
      while (all.size() < ENOUGH_BYTES) {
        int length = in.read(part);
        if (length < 0) {
          break;
        }
        all.write(part, 0, length);
        bodyAt = bodyAt < 0 ? endOfHead(all) : bodyAt;
        if (bodyAt >= 0 && answer(all, bodyAt).isStream()) {
          break;
        }
      }
    } catch (SocketTimeoutException late) {
      return new Answer(-1, "", all.toString(StandardCharsets.UTF_8));
    } catch (SocketException reset) {
      // the same as above
    }
    return bodyAt < 0 ? new Answer(0, "", "") : answer(all, bodyAt);
  }

  /** Where the body begins; negative: the head is not whole yet. That we may go on is no answer. */
  private static int endOfHead(ByteArrayOutputStream all) {
    String text = all.toString(StandardCharsets.ISO_8859_1);
    int end = text.indexOf("\r\n\r\n");
    if (end >= 0 && text.startsWith(GO_ON)) {
      end = text.indexOf("\r\n\r\n", end + 4);
    }
    return end < 0 ? -1 : end + 4;
  }

  private static Answer answer(ByteArrayOutputStream all, int bodyAt) {
    String text = all.toString(StandardCharsets.ISO_8859_1);
    String head = text.substring(0, bodyAt);
    if (head.startsWith(GO_ON)) {
      head = head.substring(head.indexOf("\r\n\r\n") + 4);
    }
    Answer answer = new Answer(Integer.parseInt(head.substring(9, 12)), head, "");
    if (answer.isStream()) {
      return answer;
    }
    String body = text.substring(bodyAt);
    if (answer.header("Transfer-Encoding").equals("chunked")) {
      body = dechunked(body);
    } else if (!answer.header("Content-Length").isEmpty()) {
      int length = Integer.parseInt(answer.header("Content-Length"));
      body = body.substring(0, Math.min(body.length(), length));
    }
    byte[] bytes = body.getBytes(StandardCharsets.ISO_8859_1);
    return new Answer(answer.status(), head, new String(bytes, StandardCharsets.UTF_8));
  }

  private static String dechunked(String body) {
    List<String> chunks = new ArrayList<>();
    int at = 0;
    while (at < body.length()) {
      int line = body.indexOf("\r\n", at);
      int length = line < 0 ? 0 : Integer.parseInt(body.substring(at, line).strip(), 16);
      if (length == 0) {
        break;
      }
      chunks.add(body.substring(line + 2, Math.min(body.length(), line + 2 + length)));
      at = line + 2 + length + 2;
    }
    return String.join("", chunks);
  }
}
