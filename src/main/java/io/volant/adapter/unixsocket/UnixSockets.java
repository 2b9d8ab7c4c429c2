package io.volant.adapter.unixsocket;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ForkJoinPool;
import jnr.unixsocket.UnixSocketAddress;
import jnr.unixsocket.UnixSocketChannel;

/**
 * Connects to unix sockets. All connections share one daemon thread, which never runs a caller's
 * code: results arrive on the common pool, bytes in the caller's streams.
 */
public final class UnixSockets implements AutoCloseable {

  /** The kernel's sun_path holds 108 bytes, the last of them a NUL. */
  public static final int PATH_BYTES_MAX = 107;

  private final SelectorLoop loop;

  /**
   * Starts the thread.
   *
   * @throws IOException if the process has no file descriptor left
   */
  public UnixSockets() throws IOException {
    loop = new SelectorLoop();
  }

  /**
   * Connects to a listening stream socket. The result holds a file descriptor until its flow has
   * ended or {@link UnixConnection#close} was called.
   *
   * @param path of the socket, at most {@link #PATH_BYTES_MAX} bytes
   * @return the connection, or a failure with an {@link IOException} whose message is for people
   */
  public CompletionStage<UnixConnection> connect(String path) {
    int pathBytes = path.getBytes(StandardCharsets.UTF_8).length;
    if (pathBytes > PATH_BYTES_MAX) {
      return CompletableFuture.failedStage(
          new IOException(
              "the path of the unix socket %s is %d bytes long, Linux allows %d: use a shorter folder"
                  .formatted(path, pathBytes, PATH_BYTES_MAX)));
    }
    var result = new CompletableFuture<UnixConnection>();
    loop.execute(() -> connectNow(path, result));
    return result;
  }

  /**
   * Listens on a unix socket. A file of a socket that nobody listens on any more is replaced.
   *
   * @throws IOException with a line for people: the path is too long, somebody else listens there,
   *     what is there is no socket, or the folder or group does not allow it
   */
  public UnixListener listen(UnixListener.Place place, UnixListener.Visitors visitors)
      throws IOException {
    return UnixListener.open(loop, place, visitors);
  }

  /** How many connections hold a file descriptor now. */
  public int openConnections() {
    return loop.openCount();
  }

  /** Breaks every connection and ends the thread, soon after this call. */
  @Override
  public void close() {
    loop.close();
  }

  private void connectNow(String path, CompletableFuture<UnixConnection> result) {
    try {
      UnixConnection connection = open(path);
      loop.add(connection);
      ForkJoinPool.commonPool().execute(() -> result.complete(connection));
    } catch (IOException failure) {
      ForkJoinPool.commonPool().execute(() -> result.completeExceptionally(failure));
    }
  }

  private UnixConnection open(String path) throws IOException {
    if (loop.isClosing()) {
      throw new IOException("the unix sockets of this process were closed");
    }
    UnixSocketChannel channel = UnixSocketChannel.open();
    try {
      channel.configureBlocking(false);
      if (!channel.connect(new UnixSocketAddress(new File(path)))) {
        // A unix socket is connected at once or not at all; there is nothing to wait for.
        throw new IOException("too many others are waiting to be accepted");
      }
      return new UnixConnection(loop, channel, path);
    } catch (IOException failure) {
      channel.close();
      throw new IOException(
          "cannot connect to the unix socket %s: %s".formatted(path, failure.getMessage()),
          failure);
    }
  }
}
