package io.volant.vm;

import org.apache.pekko.util.ByteString;

/** What a running command in a guest is told. */
public sealed interface CommandInput {

  /** More of its standard input; any size. */
  record Stdin(ByteString bytes) implements CommandInput {}

  /** The end of its standard input. */
  record StdinEnd() implements CommandInput {}

  /** Its terminal has another size now, each 1 to 65535. */
  record Resize(int rows, int columns) implements CommandInput {}

  /** A signal for its process group, 1 to 64. */
  record Kill(int signal) implements CommandInput {}
}
