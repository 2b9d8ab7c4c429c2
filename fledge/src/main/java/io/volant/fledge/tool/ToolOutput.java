package io.volant.fledge.tool;

import io.volant.fledge.report.OneLine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/** What a program writes to one of its two outputs: the first MiB, and the last lines. */
final class ToolOutput {
  private static final int KEPT_BYTES_MAX = 1024 * 1024;
  private static final int LINE_BYTES_MAX = 2000;
  private static final int LAST_LINES_MAX = 5;
  private static final int BUFFER_BYTES = 8192;

  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final Deque<String> lastLines = new ArrayDeque<>();
  private final Consumer<String> listener;
  private final Thread reader;

  private ToolOutput(String name, InputStream stream, Consumer<String> listener) {
    this.listener = listener;
    reader = Thread.ofPlatform().daemon().name(name).unstarted(() -> read(stream));
  }

  static ToolOutput of(String name, InputStream stream, Consumer<String> listener) {
    ToolOutput output = new ToolOutput(name, stream, listener);
    output.reader.start();
    return output;
  }

  /** The first MiB. Waits for the end. */
  String text() throws InterruptedException {
    reader.join();
    return kept.toString(StandardCharsets.UTF_8);
  }

  /** The last lines that are not blank, in one. Waits for the end. */
  String last() throws InterruptedException {
    reader.join();
    return String.join("; ", lastLines);
  }

  private void read(InputStream stream) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try (stream) {
      for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
        kept.write(buffer, 0, Math.min(read, KEPT_BYTES_MAX - kept.size()));
        for (int i = 0; i < read; i++) {
          take(buffer[i]);
        }
      }
    } catch (IOException killed) {
      // The pipe was closed with the program. What came before is all there is.
      line.write('…');
    }
    endLine();
  }

  private void take(byte one) {
    if (one == '\n' || one == '\r') {
      endLine();
    } else if (line.size() < LINE_BYTES_MAX) {
      line.write(one);
    }
  }

  private void endLine() {
    String text = OneLine.of(line.toString(StandardCharsets.UTF_8)).strip();
    line.reset();
    if (text.isEmpty()) {
      return;
    }
    if (lastLines.size() == LAST_LINES_MAX) {
      lastLines.removeFirst();
    }
    lastLines.addLast(text);
    listener.accept(text);
  }
}
