package io.volant.cli.http;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A connection to a daemon on which nothing has been said yet. One thread may read while another
 * writes.
 *
 * @param host what the daemon is called, for the head of a request
 * @param prefix path in front of the API's
 * @param socket closes both directions
 */
record Link(InputStream in, OutputStream out, String host, String prefix, Closeable socket)
    implements Closeable {

  /** Over a channel that blocks. */
  static Link over(SocketChannel channel) {
    return new Link(
        new ChannelInput(channel), new ChannelOutput(channel), "localhost", "", channel);
  }

  /** Sends the head of a request. */
  void ask(String method, String target, Map<String, String> headers) throws IOException {
    StringBuilder head = new StringBuilder(256);
    head.append(method).append(' ').append(prefix).append(target).append(" HTTP/1.1\r\n");
    head.append("Host: ").append(host).append("\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
    out.write(bytes.toByteArray());
    out.flush();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private static final class ChannelOutput extends OutputStream {
    private final SocketChannel channel;

    ChannelOutput(SocketChannel channel) {
      this.channel = channel;
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      ByteBuffer rest = ByteBuffer.wrap(bytes, offset, length);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
    }
  }
}
