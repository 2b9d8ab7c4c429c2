package io.volant.fledge.recipe;

/**
 * Something wrong in a recipe or a manifest.toml.
 *
 * @param file the file as the user named it
 * @param line from 1, or 0 when the mistake has no place of its own (something is missing)
 * @param column from 1, or 0 as above
 * @param message what is wrong and what is allowed
 */
public record Mistake(String file, int line, int column, String message) {
  /** One line: file, place and message. */
  @Override
  public String toString() {
    String place = line == 0 ? "" : ":" + line + ":" + column;
    return file + place + ": " + message;
  }
}
