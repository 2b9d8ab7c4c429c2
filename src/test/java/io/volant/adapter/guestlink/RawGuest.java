package io.volant.adapter.guestlink;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** The least of an HTTP/2 server, frame by frame, so that it can do what no library would. */
final class RawGuest {

  static final int EVENTS_STREAM = 1;
  static final int NEXT_STREAM = 3;

  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int SETTINGS = 4;
  private static final int GOAWAY = 7;
  private static final int END_HEADERS = 4;
  private static final byte STATUS_200_OF_STATIC_TABLE = (byte) 0x88;
  private static final int DATA_BYTES_MAX = 16_384;

  private final SocketChannel connection;

  RawGuest(SocketChannel connection) {
    this.connection = connection;
  }

  /** Reads what the client has sent and sends our settings. */
  RawGuest greet() throws IOException {
    readSome();
    frame(SETTINGS, 0, 0, new byte[0]);
    return this;
  }

  /** Greets and answers the request for the events. */
  RawGuest answerEvents() throws IOException {
    greet();
    return answerOk(EVENTS_STREAM);
  }

  RawGuest answerOk(int stream) throws IOException {
    frame(HEADERS, END_HEADERS, stream, new byte[] {STATUS_200_OF_STATIC_TABLE});
    return this;
  }

  RawGuest events(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int at = 0; at < bytes.length; at += DATA_BYTES_MAX) {
      int end = Math.min(bytes.length, at + DATA_BYTES_MAX);
      frame(DATA, 0, EVENTS_STREAM, java.util.Arrays.copyOfRange(bytes, at, end));
    }
    return this;
  }

  void goAway() throws IOException {
    frame(GOAWAY, 0, 0, new byte[8]);
  }

  /** Bytes that are no frame. */
  void garbage(int length) throws IOException {
    byte[] bytes = new byte[length];
    new java.util.SplittableRandom(length).nextBytes(bytes);
    connection.write(ByteBuffer.wrap(bytes));
  }

  /** One read of whatever is there; -1 at the end. */
  int readSome() throws IOException {
    return connection.read(ByteBuffer.allocate(DATA_BYTES_MAX));
  }

  /** Reads and throws away until the client closes. */
  void readToEnd() throws IOException {
    while (readSome() >= 0) {}
  }

  private void frame(int type, int flags, int stream, byte[] payload) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
    frame.put((byte) (payload.length >> 16)).putShort((short) payload.length);
    frame.put((byte) type).put((byte) flags).putInt(stream).put(payload).flip();
    while (frame.hasRemaining()) {
      connection.write(frame);
    }
  }
}
