package io.volant.vm;

import org.apache.pekko.util.ByteString;

/** What a command in a guest says, and what is said of it. */
public sealed interface CommandOutput {

  /** It runs. */
  record Started(long pid) implements CommandOutput {}

  /** Its output; all of it where it has a terminal. At most 64 KiB. */
  record Stdout(ByteString bytes) implements CommandOutput {}

  /** Its output of errors. At most 64 KiB. */
  record Stderr(ByteString bytes) implements CommandOutput {}

  /**
   * What the agent has to say about it, in one printable line: why it could not be started, before
   * an {@link Exited} with 126 or 127.
   */
  record Complaint(String message) implements CommandOutput {}

  /** It has ended with a code, 0 to 255; the last that is heard. */
  record Exited(int code) implements CommandOutput {}

  /** A signal has ended it; the last that is heard. */
  record Killed(int signal) implements CommandOutput {}

  /** Whether nothing comes after it. */
  default boolean isLast() {
    return switch (this) {
      case Exited _, Killed _ -> true;
      case Started _, Stdout _, Stderr _, Complaint _ -> false;
    };
  }
}
