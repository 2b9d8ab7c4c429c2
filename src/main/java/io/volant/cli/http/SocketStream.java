package io.volant.cli.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/** A unix socket whose peer may be silent for so long only. For one thread. */
final class SocketStream extends InputStream {

  private static final int BUFFER_BYTES = 16 * 1024;

  private final SocketChannel channel;
  private final Selector selector;
  private final SelectionKey key;
  private final long patienceMs;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).flip();

  SocketStream(SocketChannel channel, Duration patience) throws IOException {
    this.channel = channel;
    this.patienceMs = Math.max(1, patience.toMillis());
    channel.configureBlocking(false);
    this.selector = Selector.open();
    this.key = channel.register(selector, 0);
  }

  void write(byte[] bytes) throws IOException {
    ByteBuffer rest = ByteBuffer.wrap(bytes);
    while (rest.hasRemaining()) {
      if (channel.write(rest) == 0) {
        await(SelectionKey.OP_WRITE);
      }
    }
  }

  @Override
  public int read() throws IOException {
    return fill() ? buffer.get() & 0xff : -1;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int count = Math.min(length, buffer.remaining());
    buffer.get(bytes, offset, count);
    return count;
  }

  @Override
  public void close() throws IOException {
    selector.close();
    channel.close();
  }

  /** Whether there is a byte to be had. */
  private boolean fill() throws IOException {
    if (buffer.hasRemaining()) {
      return true;
    }
    buffer.clear();
    int count = channel.read(buffer);
    while (count == 0) {
      await(SelectionKey.OP_READ);
      count = channel.read(buffer);
    }
    buffer.flip();
    return count > 0;
  }

  private void await(int operation) throws IOException {
    key.interestOps(operation);
    int ready = selector.select(patienceMs);
    selector.selectedKeys().clear();
    if (ready == 0) {
      throw new SocketTimeoutException("no answer within " + patienceMs + " ms");
    }
  }
}
