package io.volant.adapter.unixsocket;

import java.io.IOException;
import org.apache.pekko.util.ByteString;

/** What the selector thread tells the reader and writer of one connection. */
sealed interface ConnectionEvent {

  /** The answer to one request to read. */
  record Bytes(ByteString bytes) implements ConnectionEvent {}

  /** The peer sends nothing more. It may still be reading. */
  record InputEnded() implements ConnectionEvent {}

  /** What was given to write has been handed to the kernel. */
  record Written() implements ConnectionEvent {}

  /** The peer reads nothing more. What it sent before may still be waiting to be read. */
  record WriteRefused() implements ConnectionEvent {}

  /** The peer is gone and everything that it sent was read: the connection is closed. */
  record PeerGone() implements ConnectionEvent {}

  /** The connection broke and is closed. */
  record Broken(IOException cause) implements ConnectionEvent {}
}
