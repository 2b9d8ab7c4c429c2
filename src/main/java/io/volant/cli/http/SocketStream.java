package io.volant.cli.http;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/** A unix socket whose peer may be silent for so long only. For one thread. */
final class SocketStream extends ChannelInput {

  private final SocketChannel channel;
  private final Selector selector;
  private final SelectionKey key;
  private final long patienceMs;

  SocketStream(SocketChannel channel, Duration patience) throws IOException {
    super(channel);
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
  public void close() throws IOException {
    selector.close();
    super.close();
  }

  @Override
  void awaitBytes() throws IOException {
    await(SelectionKey.OP_READ);
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
