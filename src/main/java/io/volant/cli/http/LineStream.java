package io.volant.cli.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The body of an answer, line by line, as the lines come. For one thread. */
public final class LineStream implements AutoCloseable {
  /** The daemon's longest line is far below; anything longer is not the daemon. */
  private static final int LINE_LIMIT_CHARS = 1 << 20;

  private final Reader reader;
  private final char[] chunk = new char[8192];
  private int next;
  private int end;

  LineStream(InputStream body) {
    this.reader = new InputStreamReader(body, StandardCharsets.UTF_8);
  }

  /**
   * The next line without its end, or {@code null} after the last one. Waits until there is one.
   *
   * @throws ApiFailure.Lost if the connection broke or a line is longer than a million characters
   * @throws ApiFailure.Late if nothing came for as long as the stream was allowed to be silent
   */
  public @Nullable String next() throws ApiFailure {
    StringBuilder line = new StringBuilder();
    while (true) {
      if (next == end && !fill()) {
        return line.isEmpty() ? null : line.toString();
      }
      char c = chunk[next++];
      if (c == '\n') {
        return withoutCarriageReturn(line);
      }
      if (line.length() == LINE_LIMIT_CHARS) {
        throw new ApiFailure.Lost("a line of the stream is too long", null);
      }
      line.append(c);
    }
  }

  private boolean fill() throws ApiFailure {
    try {
      int count = reader.read(chunk);
      next = 0;
      end = Math.max(count, 0);
      return count > 0;
    } catch (SocketTimeoutException silence) {
      throw new ApiFailure.Late("volantd has gone silent", silence);
    } catch (IOException broken) {
      throw new ApiFailure.Lost("the connection to volantd broke", broken);
    }
  }

  private static String withoutCarriageReturn(StringBuilder line) {
    int last = line.length() - 1;
    if (last >= 0 && line.charAt(last) == '\r') {
      line.setLength(last);
    }
    return line.toString();
  }

  @Override
  public void close() {
    try {
      reader.close();
    } catch (IOException ignored) {
      // Only what was read counts; there is nothing left to save here.
      end = next;
    }
  }
}
