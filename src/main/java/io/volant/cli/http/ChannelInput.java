package io.volant.cli.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * The bytes that come on a channel, through a buffer. The JDK's own streams over a channel let no
 * thread write while another reads.
 */
class ChannelInput extends InputStream {
  private static final int BUFFER_BYTES = 16 * 1024;

  private final SocketChannel channel;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).flip();

  ChannelInput(SocketChannel channel) {
    this.channel = channel;
  }

  @Override
  public final int read() throws IOException {
    return fill() ? buffer.get() & 0xff : -1;
  }

  @Override
  public final int read(byte[] bytes, int offset, int length) throws IOException {
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
    channel.close();
  }

  /** Called when the channel has nothing yet; a channel that blocks waits by itself. */
  void awaitBytes() throws IOException {
    // it blocks
  }

  /** Whether there is a byte to be had. */
  private boolean fill() throws IOException {
    if (buffer.hasRemaining()) {
      return true;
    }
    buffer.clear();
    int count = channel.read(buffer);
    while (count == 0) {
      awaitBytes();
      count = channel.read(buffer);
    }
    buffer.flip();
    return count > 0;
  }
}
