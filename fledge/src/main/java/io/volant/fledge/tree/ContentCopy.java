package io.volant.fledge.tree;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Copies a content whose size was already told to somebody. */
public final class ContentCopy {
  private static final int BUFFER_BYTES = 65536;

  private ContentCopy() {}

  /**
   * Writes exactly as many bytes as the content has said that it has.
   *
   * @param name whose content it is, for the message
   * @throws IOException also when there are more or fewer: the file has changed during the build
   */
  public static void copy(String name, Content content, OutputStream output) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    long left = content.sizeBytes();
    try (InputStream input = content.open()) {
      while (left > 0) {
        int read = input.read(buffer, 0, (int) Math.min(left, BUFFER_BYTES));
        if (read < 0) {
          throw new EOFException(name + " has become shorter while it was read");
        }
        output.write(buffer, 0, read);
        left -= read;
      }
      if (input.read() >= 0) {
        throw new IOException(name + " has become longer while it was read");
      }
    }
  }
}
