package io.volant.adapter.process;

import java.io.IOException;

/** A program of the host failed, is missing, or took too long. The message is for people. */
public final class CommandException extends IOException {

  private static final long serialVersionUID = 1L;

  public CommandException(String message) {
    super(message);
  }
}
