package io.volant.adapter.files;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Writes a small cpio archive in the format that kernels unpack ({@code newc}). Times are 0 and the
 * owner is root: the same content gives the same bytes.
 */
final class NewcArchive {

  private static final int ALIGNMENT = 4;
  private static final int DIRECTORY = 0040000;
  private static final int REGULAR_FILE = 0100000;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private int nextInode = 1;

  /** Adds a folder; {@code path} has no leading slash. */
  NewcArchive folder(String path, int mode) {
    entry(path, DIRECTORY | mode, 2, new byte[0]);
    return this;
  }

  /** Adds a file; {@code path} has no leading slash. */
  NewcArchive file(String path, int mode, byte[] content) {
    entry(path, REGULAR_FILE | mode, 1, content);
    return this;
  }

  /** Ends the archive. Its length is a multiple of 4. */
  byte[] end() {
    nextInode = 0;
    entry("TRAILER!!!", 0, 1, new byte[0]);
    return bytes.toByteArray();
  }

  private void entry(String path, int mode, int links, byte[] content) {
    byte[] name = (path + "\0").getBytes(StandardCharsets.UTF_8);
    int[] fields = {
      nextInode++, mode, 0, 0, links, 0, content.length, 0, 0, 0, 0, name.length, 0,
    };
    StringBuilder header = new StringBuilder("070701");
    for (int field : fields) {
      header.append(String.format(Locale.ROOT, "%08x", field));
    }
    bytes.writeBytes(header.toString().getBytes(StandardCharsets.US_ASCII));
    bytes.writeBytes(name);
    pad();
    bytes.writeBytes(content);
    pad();
  }

  private void pad() {
    while (bytes.size() % ALIGNMENT != 0) {
      bytes.write(0);
    }
  }
}
