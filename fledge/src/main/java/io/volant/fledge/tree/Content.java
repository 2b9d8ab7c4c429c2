package io.volant.fledge.tree;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The bytes of a file in the image, read when the image is written. */
public interface Content {
  /** How many bytes {@link #open()} gives. */
  long sizeBytes();

  /** The bytes from the start; the caller closes. */
  InputStream open() throws IOException;

  /** Bytes in memory. The array must not change afterwards. */
  static Content of(byte[] bytes) {
    return new Content() {
      @Override
      public long sizeBytes() {
        return bytes.length;
      }

      @Override
      public InputStream open() {
        return new ByteArrayInputStream(bytes);
      }
    };
  }

  /** A text in UTF-8. */
  static Content of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A file of the host, as large as it is now. */
  static Content of(Path file) throws IOException {
    long sizeBytes = Files.size(file);
    return new Content() {
      @Override
      public long sizeBytes() {
        return sizeBytes;
      }

      @Override
      public InputStream open() throws IOException {
        return Files.newInputStream(file);
      }
    };
  }
}
