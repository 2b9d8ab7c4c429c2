package io.volant.adapter.unixsocket;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** A real listening unix socket whose connections are each served by a blocking handler. */
public final class UnixServer implements AutoCloseable {

  /** What to do with one accepted connection; it is closed afterwards. */
  @FunctionalInterface
  public interface Handler {
    void serve(SocketChannel connection) throws IOException;
  }

  private final ServerSocketChannel server;
  private final Path path;
  private final Thread acceptor;

  public UnixServer(Path path, Handler handler) throws IOException {
    this.path = path;
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(path), 512);
    acceptor = Thread.ofVirtual().start(() -> acceptAll(handler));
  }

  public String path() {
    return path.toString();
  }

  /**
   * After this, nobody is let in any more: a pending accept holds the socket open until it ends.
   */
  @Override
  public void close() throws IOException {
    server.close();
    try {
      acceptor.join();
    } catch (InterruptedException stop) {
      throw new IOException(stop);
    }
  }

  private void acceptAll(Handler handler) {
    try {
      while (true) {
        SocketChannel connection = server.accept();
        Thread.ofVirtual().start(() -> serve(handler, connection));
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  private static void serve(Handler handler, SocketChannel connection) {
    try (connection) {
      handler.serve(connection);
    } catch (IOException gone) {
      // The test looks at its own side.
    }
  }
}
