package io.volant.cli.http;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What carries requests to a daemon. */
interface Wire {

  /**
   * A request.
   *
   * @param target path and query
   * @param body null: there is none
   * @param patience longest silence of the daemon
   */
  record Request(
      String method,
      String target,
      Map<String, String> headers,
      @Nullable String body,
      Duration patience) {}

  /**
   * A reply.
   *
   * @param headers by their names in lower case
   * @param body to be closed; empty where there is none
   */
  record Reply(int status, Map<String, String> headers, InputStream body) {}

  /** No connection could be made, so nothing was asked. */
  final class NotConnected extends IOException {
    private static final long serialVersionUID = 1L;

    NotConnected(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }

  /**
   * Sends a request and waits for the head of the reply.
   *
   * @throws NotConnected if nobody was reached
   * @throws java.net.SocketTimeoutException if the daemon was silent for too long
   */
  Reply send(Request request) throws IOException;

  /** A connection of its own, for what is no plain request. */
  Link open() throws IOException;

  /** Where it leads, for people. */
  String place();
}
