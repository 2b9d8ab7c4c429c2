package io.volant.cli.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Reads the head of an HTTP/1.1 reply, and its body in each of the three ways to end one. */
final class ReplyReader {

  private static final int HEAD_BYTES_MAX = 64 * 1024;
  private static final int HEX = 16;

  private ReplyReader() {}

  static Wire.Reply read(InputStream in) throws IOException {
    Budget budget = new Budget();
    int status = status(line(in, budget));
    Map<String, String> headers = new HashMap<>();
    for (String line = line(in, budget); !line.isEmpty(); line = line(in, budget)) {
      int colon = line.indexOf(':');
      if (colon <= 0) {
        throw new IOException("not an HTTP answer");
      }
      headers.putIfAbsent(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return status < 200 && status != 101
        ? read(in)
        : new Wire.Reply(status, headers, body(in, status, headers));
  }

  private static int status(String line) throws IOException {
    String[] words = line.split(" ", 3);
    if (words.length < 2 || !words[0].startsWith("HTTP/1.") || !words[1].matches("[1-5][0-9]{2}")) {
      throw new IOException("not an HTTP answer");
    }
    return Integer.parseInt(words[1]);
  }

  private static InputStream body(InputStream in, int status, Map<String, String> headers)
      throws IOException {
    String length = headers.get("content-length");
    if (status == 204 || status == 304) {
      return new Body(in, 0, false);
    }
    if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
      return new Body(in, 0, true);
    }
    if (length == null) {
      return in; // it ends with the connection
    }
    try {
      return new Body(in, Long.parseLong(length), false);
    } catch (NumberFormatException broken) {
      throw new IOException("not an HTTP answer", broken);
    }
  }

  private static final class Budget {
    private int left = HEAD_BYTES_MAX;
  }

  private static String line(InputStream in, Budget budget) throws IOException {
    byte[] bytes = new byte[256];
    int size = 0;
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException("the answer broke off");
      }
      if (budget.left-- <= 0) {
        throw new IOException("the head of the answer is too long");
      }
      if (size == bytes.length) {
        bytes = java.util.Arrays.copyOf(bytes, 2 * size);
      }
      bytes[size++] = (byte) next;
    }
    int end = size > 0 && bytes[size - 1] == '\r' ? size - 1 : size;
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }

  /** A body of known length, or of chunks each of which has one. */
  private static final class Body extends InputStream {
    private final InputStream in;
    private final boolean chunked;
    private long left;
    private boolean begun;
    private boolean ended;

    Body(InputStream in, long length, boolean chunked) {
      this.in = in;
      this.left = length;
      this.chunked = chunked;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (left == 0 && !nextChunk()) {
        return -1;
      }
      int count = in.read(bytes, offset, (int) Math.min(length, left));
      if (count < 0) {
        throw new EOFException("the answer broke off");
      }
      left -= count;
      return count;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }

    private boolean nextChunk() throws IOException {
      if (!chunked || ended) {
        return false;
      }
      if (begun) {
        line(in, new Budget()); // the end of the chunk before
      }
      begun = true;
      String size = line(in, new Budget());
      int extension = size.indexOf(';');
      try {
        left = Long.parseLong((extension < 0 ? size : size.substring(0, extension)).strip(), HEX);
      } catch (NumberFormatException broken) {
        throw new IOException("not an HTTP answer", broken);
      }
      ended = left == 0;
      return !ended;
    }
  }
}
