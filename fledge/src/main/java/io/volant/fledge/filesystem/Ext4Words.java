package io.volant.fledge.filesystem;

import io.volant.fledge.report.BuildFailure;
import java.nio.charset.StandardCharsets;

/** Names from an image as words of a command of debugfs. */
final class Ext4Words {
  /** debugfs reads a line into 8 KiB; what is longer would become two commands. */
  private static final int WORD_BYTES_MAX = 7900;

  private Ext4Words() {}

  /**
   * Refuses a text that no word can stand for.
   *
   * @param path whose it is, for the message
   */
  static void check(String path, String text) throws BuildFailure {
    if (text.chars().anyMatch(one -> one == '\n' || one == '\r' || one == 0)) {
      throw refused(path, "has a line break in its name, its target or an attribute's name");
    }
    if (text.isEmpty() || quoted(text).getBytes(StandardCharsets.UTF_8).length > WORD_BYTES_MAX) {
      throw refused(path, "has an empty or too long name, target or attribute's name");
    }
  }

  /** The text as one word. Quotation marks are doubled; nothing else is special between them. */
  static String quoted(String text) {
    return '"' + text.replace("\"", "\"\"") + '"';
  }

  static BuildFailure refused(String path, String why) {
    return Refusal.of(FilesystemType.EXT4, path, why);
  }
}
