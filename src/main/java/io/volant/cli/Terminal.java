package io.volant.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;

/**
 * Where results and messages go. Results go to {@code out} and nothing else does, so that they can
 * be piped.
 *
 * @param out for results
 * @param err for errors and progress
 * @param interactive whether the result goes to a terminal, and not to a file or a program
 * @param colour whether that terminal may show colours
 */
record Terminal(PrintWriter out, PrintWriter err, boolean interactive, boolean colour) {

  /** The colours that mean something here. */
  enum Colour {
    GREEN("32"),
    YELLOW("33"),
    RED("31"),
    GREY("90");

    private final String code;

    Colour(String code) {
      this.code = code;
    }
  }

  /** Prints a line of the result. */
  void print(String line) {
    out.println(line);
  }

  /** Prints a line of progress. */
  void tell(String line) {
    err.println(line);
    err.flush();
  }

  /** Prints an error as one line. */
  void complain(String message) {
    out.flush();
    tell(paint("volar:", Colour.RED) + " " + safe(message.replaceAll("\\R", " ")));
  }

  void printJson(JsonNode json) {
    out.println(json.toPrettyString());
  }

  /**
   * Sends what was printed on its way; {@code false} if nobody reads any more ({@code volar … |
   * head}).
   */
  boolean flushed() {
    return !out.checkError();
  }

  String paint(String text, Colour wanted) {
    return colour ? "\u001b[" + wanted.code + "m" + text + "\u001b[0m" : text;
  }

  /**
   * Text of a guest, which may hold anything: on a terminal, without the characters that could
   * steer it.
   */
  String safe(String text) {
    if (!interactive) {
      return text;
    }
    StringBuilder harmless = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> Character.isISOControl(c) && c != '\t' ? '\ufffd' : c)
        .forEach(harmless::appendCodePoint);
    return harmless.toString();
  }
}
