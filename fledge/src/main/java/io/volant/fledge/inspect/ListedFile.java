package io.volant.fledge.inspect;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One file of an artifact.
 *
 * @param path absolute
 * @param kind what it is
 * @param mode permission bits
 * @param uid the owner's number
 * @param gid the group's number
 * @param sizeBytes how large it is; 0 for what has no content
 * @param target where a link leads; null for everything else
 */
public record ListedFile(
    String path, Kind kind, int mode, long uid, long gid, long sizeBytes, @Nullable String target) {
  private static final String LETTERS = "rwxrwxrwx";
  private static final int SET_USER = 04000;
  private static final int SET_GROUP = 02000;
  private static final int STICKY = 01000;

  /** What a file is. */
  public enum Kind {
    FILE('-'),
    FOLDER('d'),
    LINK('l'),
    CHARACTER_DEVICE('c'),
    BLOCK_DEVICE('b'),
    FIFO('p'),
    SOCKET('s'),
    UNKNOWN('?');

    private final char letter;

    Kind(char letter) {
      this.letter = letter;
    }

    /** By the type bits of a Unix mode. */
    static Kind ofMode(int mode) {
      return switch (mode >> 12 & 017) {
        case 001 -> FIFO;
        case 002 -> CHARACTER_DEVICE;
        case 004 -> FOLDER;
        case 006 -> BLOCK_DEVICE;
        case 010 -> FILE;
        case 012 -> LINK;
        case 014 -> SOCKET;
        default -> UNKNOWN;
      };
    }

    /** By the letter that {@code ls -l} uses. */
    static Kind ofLetter(char letter) {
      for (Kind kind : values()) {
        if (kind.letter == letter) {
          return kind;
        }
      }
      return UNKNOWN;
    }
  }

  /** The mode as {@code ls -l} writes it. */
  public String modeText() {
    StringBuilder text = new StringBuilder().append(kind.letter);
    for (int bit = 0; bit < LETTERS.length(); bit++) {
      boolean isSet = (mode >> (LETTERS.length() - 1 - bit) & 1) != 0;
      text.append(isSet ? LETTERS.charAt(bit) : '-');
    }
    special(text, 3, SET_USER, 's');
    special(text, 6, SET_GROUP, 's');
    special(text, 9, STICKY, 't');
    return text.toString();
  }

  private void special(StringBuilder text, int place, int bit, char letter) {
    if ((mode & bit) != 0) {
      boolean isExecutable = text.charAt(place) == 'x';
      text.setCharAt(place, isExecutable ? letter : Character.toUpperCase(letter));
    }
  }

  /** The mode in {@code ls -l}'s letters back as bits. */
  static int modeOf(String text) {
    int mode = 0;
    for (int bit = 0; bit < LETTERS.length(); bit++) {
      char letter = text.charAt(bit + 1);
      if (letter == LETTERS.charAt(bit) || letter == 's' || letter == 't') {
        mode |= 1 << (LETTERS.length() - 1 - bit);
      }
    }
    mode |= Character.toLowerCase(text.charAt(3)) == 's' ? SET_USER : 0;
    mode |= Character.toLowerCase(text.charAt(6)) == 's' ? SET_GROUP : 0;
    return mode | (Character.toLowerCase(text.charAt(9)) == 't' ? STICKY : 0);
  }

  /** For JSON. */
  public Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("path", path);
    fields.put("type", kind.name().toLowerCase(Locale.ROOT));
    fields.put("mode", String.format(Locale.ROOT, "%04o", mode));
    fields.put("uid", uid);
    fields.put("gid", gid);
    fields.put("size_bytes", sizeBytes);
    if (target != null) {
      fields.put("target", target);
    }
    return fields;
  }
}
