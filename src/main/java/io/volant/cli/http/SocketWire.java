package io.volant.cli.http;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * HTTP/1.1 over the daemon's unix socket, one connection a request. The JDK's own clients know only
 * TCP; this is what is left of HTTP when there is one server, which is ours.
 */
final class SocketWire implements Wire {

  private final Path socket;

  SocketWire(Path socket) {
    this.socket = socket;
  }

  @Override
  public String place() {
    return "unix:" + socket;
  }

  @Override
  public Reply send(Request request) throws IOException {
    SocketStream stream = connect(request);
    try {
      stream.write(message(request));
      return ReplyReader.read(stream);
    } catch (IOException failure) {
      stream.close();
      throw failure;
    }
  }

  @Override
  public Link open() throws IOException {
    return Link.over(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
  }

  private SocketStream connect(Request request) throws NotConnected {
    try {
      return new SocketStream(
          SocketChannel.open(UnixDomainSocketAddress.of(socket)), request.patience());
    } catch (IOException failure) {
      throw new NotConnected(failure);
    }
  }

  private static byte[] message(Request request) {
    StringBuilder head = new StringBuilder(256);
    head.append(request.method()).append(' ').append(request.target()).append(" HTTP/1.1\r\n");
    head.append("Host: localhost\r\nConnection: close\r\n");
    String body = request.body();
    if (body != null) {
      int length = body.getBytes(StandardCharsets.UTF_8).length;
      head.append("Content-Length: ").append(length).append("\r\n");
    }
    request
        .headers()
        .forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    head.append("\r\n").append(body == null ? "" : body);
    return head.toString().getBytes(StandardCharsets.UTF_8);
  }
}
