package io.volant.fledge.tool;

import java.io.IOException;
import java.io.OutputStream;

/** Gives a program its standard input. */
@FunctionalInterface
public interface Feed {
  /** Writes everything; the caller closes. A failure ends the program too. */
  void to(OutputStream input) throws IOException;
}
