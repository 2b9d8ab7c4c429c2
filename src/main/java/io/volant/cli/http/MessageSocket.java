package io.volant.cli.http;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket (RFC 6455) to the daemon. One thread reads, any thread sends. The JDK's own knows no
 * unix sockets.
 */
public final class MessageSocket implements AutoCloseable {

  private static final int MESSAGE_BYTES_MAX = 4 << 20;
  private static final int CONTROL_BYTES_MAX = 125;
  private static final int CONTINUATION = 0;
  private static final int TEXT = 1;
  private static final int BINARY = 2;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;

  private final Link link;
  private final DataInputStream in;
  private final ReentrantLock sending = new ReentrantLock();

  /** A socket on a link on which the daemon has agreed to one. */
  MessageSocket(Link link) {
    this.link = link;
    this.in = new DataInputStream(link.in());
  }

  /**
   * The next message, or {@code null} when the daemon has closed the socket.
   *
   * @throws ApiFailure.Lost if the connection broke
   */
  public byte @Nullable [] next() throws ApiFailure {
    try {
      return message();
    } catch (IOException broken) {
      throw new ApiFailure.Lost("the connection to volantd broke", broken);
    }
  }

  private byte @Nullable [] message() throws IOException {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    while (true) {
      int first = in.readUnsignedByte();
      int second = in.readUnsignedByte();
      long length = length(second & 0x7f);
      if ((first & 0x70) != 0 || (second & 0x80) != 0) {
        throw new IOException("not a frame of a WebSocket");
      }
      if (length < 0 || length > MESSAGE_BYTES_MAX - message.size()) {
        throw new IOException("a message is too long");
      }
      byte[] payload = in.readNBytes((int) length);
      if (payload.length < length) {
        throw new EOFException("a message broke off");
      }
      int kind = first & 0x0f;
      if (kind == CLOSE) {
        frame(CLOSE, payload.length > CONTROL_BYTES_MAX ? new byte[0] : payload);
        return null;
      }
      if (kind == PING) {
        frame(PONG, payload);
      } else if (kind == TEXT || kind == BINARY || kind == CONTINUATION) {
        message.writeBytes(payload);
        if ((first & 0x80) != 0) {
          return message.toByteArray();
        }
      } else if (kind != PONG) {
        throw new IOException("a frame of an unknown kind");
      }
    }
  }

  private long length(int small) throws IOException {
    return switch (small) {
      case 126 -> in.readUnsignedShort();
      case 127 -> in.readLong();
      default -> small;
    };
  }

  /**
   * Sends a binary message.
   *
   * @throws ApiFailure.Lost if the connection broke
   */
  public void send(byte... message) throws ApiFailure {
    try {
      frame(BINARY, message);
    } catch (IOException broken) {
      throw new ApiFailure.Lost("the connection to volantd broke", broken);
    }
  }

  private void frame(int kind, byte[] payload) throws IOException {
    sending.lock();
    try {
      write(kind, payload);
    } finally {
      sending.unlock();
    }
  }

  private void write(int kind, byte[] payload) throws IOException {
    ByteArrayOutputStream frame = new ByteArrayOutputStream(payload.length + 14);
    frame.write(0x80 | kind);
    if (payload.length <= CONTROL_BYTES_MAX) {
      frame.write(0x80 | payload.length);
    } else if (payload.length <= 0xffff) {
      frame.write(0x80 | 126);
      frame.write(payload.length >> 8);
      frame.write(payload.length);
    } else {
      frame.write(0x80 | 127);
      for (int shift = 56; shift >= 0; shift -= 8) {
        frame.write((int) ((long) payload.length >> shift));
      }
    }
    byte[] mask = new byte[4];
    ThreadLocalRandom.current().nextBytes(mask);
    frame.writeBytes(mask);
    for (int i = 0; i < payload.length; i++) {
      frame.write(payload[i] ^ mask[i & 3]);
    }
    link.out().write(frame.toByteArray());
    link.out().flush();
  }

  /** Breaks the connection: what is on its way does not matter any more. */
  public void abort() {
    try {
      link.close();
    } catch (IOException gone) {
      // Nothing was to be saved.
      return;
    }
  }

  /** Says so to the daemon, unless a message is stuck on its way there. */
  @Override
  public void close() {
    try (link) {
      if (sending.tryLock()) {
        try {
          write(CLOSE, new byte[] {3, (byte) 0xe8});
        } finally {
          sending.unlock();
        }
      }
    } catch (IOException gone) {
      // Nothing was to be saved.
      return;
    }
  }
}
