package io.volant.adapter.unixsocket;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import jnr.unixsocket.UnixSocketChannel;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Framing;
import org.apache.pekko.stream.javadsl.FramingTruncation;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * One connected unix socket, for one use as a stream. At most one read and one write are under way;
 * nothing is read that was not asked for, so a slow reader slows its peer.
 */
public final class UnixConnection implements AutoCloseable {

  private static final int READ_BYTES_MIN = 4 * 1024;
  private static final int READ_BYTES_MAX = 256 * 1024;

  /** The channel copies what it is given before each write, so it is given pieces. */
  private static final int WRITE_BYTES_MAX = 64 * 1024;

  /** How much one connection may write before the others have their turn. */
  private static final int WRITE_TURN_BYTES = 512 * 1024;

  private final SelectorLoop loop;
  private final UnixSocketChannel channel;
  private final String path;
  private final Runnable onFreed;
  private final AtomicBoolean used = new AtomicBoolean();

  // All below belongs to the loop's thread.
  private Consumer<ConnectionEvent> listener = event -> {};
  private @Nullable SelectionKey key;
  private @Nullable ByteBuffer unwritten;
  private @Nullable IOException brokenBy;
  private int readBytes = READ_BYTES_MIN;
  private boolean readWanted;
  private boolean inputEnded;
  private boolean hungUp;
  private boolean closed;

  UnixConnection(SelectorLoop loop, UnixSocketChannel channel, String path) {
    this(loop, channel, path, () -> {});
  }

  /**
   * A connection.
   *
   * @param onFreed called on the loop's thread when the descriptor is free again
   */
  UnixConnection(SelectorLoop loop, UnixSocketChannel channel, String path, Runnable onFreed) {
    this.loop = loop;
    this.channel = channel;
    this.path = path;
    this.onFreed = onFreed;
  }

  /**
   * The connection as a stream, to be run once. Upstream's end closes our half only; the peer's end
   * completes downstream, and what upstream still sends is written as long as the peer reads. A
   * failure of either side, and a cancel by downstream, close the whole connection.
   */
  public Flow<ByteString, ByteString, NotUsed> flow() {
    return Flow.fromGraph(new ConnectionStage(this));
  }

  /**
   * The connection as lines of UTF-8 that end in a new line (not part of the strings), to be run
   * once.
   *
   * @param lineBytesMax a longer line from the peer fails the stream
   */
  public Flow<String, String, NotUsed> lines(int lineBytesMax) {
    return Flow.of(String.class)
        .map(line -> ByteString.fromString(line + "\n"))
        .via(flow())
        .via(Framing.delimiter(ByteString.fromString("\n"), lineBytesMax, FramingTruncation.ALLOW))
        .map(bytes -> bytes.utf8String().stripTrailing());
  }

  /** Frees the file descriptor at once; a running stream fails. No effect on a closed one. */
  @Override
  public void close() {
    loop.execute(() -> breakWith(new IOException("the connection to " + path + " was closed")));
  }

  @Override
  public String toString() {
    return "connection to " + path;
  }

  /** Takes the connection for one user; false if it had one before. */
  boolean use(Consumer<ConnectionEvent> events) {
    if (!used.compareAndSet(false, true)) {
      return false;
    }
    loop.execute(() -> {
      listener = events;
      if (brokenBy != null) {
        events.accept(new ConnectionEvent.Broken(brokenBy));
      }
    });
    return true;
  }

  /** Asks for one {@link ConnectionEvent.Bytes} or the end of input. */
  void read() {
    loop.execute(() -> {
      readWanted = !inputEnded && !closed;
      if (readBytes > READ_BYTES_MIN) {
        readSome(); // much comes: most likely there is more already
      }
      proceed();
    });
  }

  /** Writes all of it, then {@link ConnectionEvent.Written}; one at a time. */
  void write(ByteString bytes) {
    ByteBuffer buffer = bytes.asByteBuffer();
    loop.execute(() -> {
      if (!closed) {
        unwritten = buffer;
        writeSome();
        proceed();
      }
    });
  }

  /** Tells the peer that no more bytes come; call it when nothing is being written. */
  void shutdownOutput() {
    loop.execute(() -> {
      try {
        if (!closed) {
          channel.shutdownOutput();
        }
      } catch (IOException failure) {
        breakWith(failure);
      }
    });
  }

  /** On the loop's thread: the selector found the channel ready for what was wanted. */
  void onReady(int readyOps) {
    if (readyOps == 0) {
      onHangUp();
      return;
    }
    if ((readyOps & SelectionKey.OP_READ) != 0) {
      readSome();
    }
    if ((readyOps & SelectionKey.OP_WRITE) != 0) {
      writeSome();
    }
    proceed();
  }

  /** On the loop's thread: frees the descriptor and tells the user, if that was not done yet. */
  void breakWith(IOException cause) {
    if (free()) {
      brokenBy = cause;
      listener.accept(new ConnectionEvent.Broken(cause));
    }
  }

  /**
   * The selector reports a channel of which nothing is wanted only when the peer is gone both ways.
   * It would report that for ever, so the channel leaves the selector; what is still to be read is
   * there without waiting.
   */
  private void onHangUp() {
    hungUp = true;
    if (key != null) {
      key.cancel();
      key = null;
    }
    endIfPeerGone();
    // A read may have been asked for since the selector looked.
    proceed();
  }

  private void proceed() {
    if (closed) {
      return;
    }
    if (hungUp) {
      if (readWanted) {
        readSome();
      }
      if (unwritten != null) {
        writeSome();
      }
      return;
    }
    int ops =
        (readWanted ? SelectionKey.OP_READ : 0) | (unwritten != null ? SelectionKey.OP_WRITE : 0);
    try {
      if (key == null) {
        key = channel.register(loop.selector(), ops, this);
      } else if (key.interestOps() != ops) {
        key.interestOps(ops);
      }
    } catch (IOException failure) {
      breakWith(failure);
    }
  }

  private void readSome() {
    if (closed || !readWanted) {
      return;
    }
    ByteBuffer buffer = ByteBuffer.allocate(readBytes);
    try {
      int count = channel.read(buffer);
      if (count > 0) {
        readWanted = false;
        adaptReadBytes(count);
        listener.accept(
            new ConnectionEvent.Bytes(ByteString.fromArrayUnsafe(buffer.array(), 0, count)));
      } else if (count < 0 || hungUp) {
        readWanted = false;
        inputEnded = true;
        listener.accept(new ConnectionEvent.InputEnded());
        endIfPeerGone();
      }
    } catch (IOException failure) {
      breakWith(failure);
    }
  }

  /** A trickle of events should not cost a large buffer each, and a bulk transfer needs one. */
  private void adaptReadBytes(int count) {
    if (count == readBytes) {
      readBytes = Math.min(readBytes * 2, READ_BYTES_MAX);
    } else if (count < readBytes / 4) {
      readBytes = Math.max(readBytes / 2, READ_BYTES_MIN);
    }
  }

  private void writeSome() {
    ByteBuffer rest = unwritten;
    if (closed || rest == null) {
      return;
    }
    try {
      int turn = 0;
      while (rest.hasRemaining() && turn < WRITE_TURN_BYTES) {
        int piece = Math.min(rest.remaining(), WRITE_BYTES_MAX);
        int count = channel.write(rest.slice(rest.position(), piece));
        if (count == 0) {
          return;
        }
        rest.position(rest.position() + count);
        turn += count;
      }
      if (!rest.hasRemaining()) {
        unwritten = null;
        listener.accept(new ConnectionEvent.Written());
      }
    } catch (IOException failure) {
      // The peer's last words may still wait to be read, so this does not end the connection.
      unwritten = null;
      listener.accept(new ConnectionEvent.WriteRefused());
    }
  }

  private void endIfPeerGone() {
    if (hungUp && inputEnded && free()) {
      listener.accept(new ConnectionEvent.PeerGone());
    }
  }

  private boolean free() {
    if (closed) {
      return false;
    }
    closed = true;
    readWanted = false;
    unwritten = null;
    key = null;
    loop.remove(this);
    try {
      channel.close();
    } catch (IOException failure) {
      listener.accept(new ConnectionEvent.Broken(failure));
    }
    onFreed.run();
    return true;
  }
}
