package io.volant.adapter.unixsocket;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import jnr.unixsocket.UnixServerSocketChannel;
import jnr.unixsocket.UnixSocketAddress;
import jnr.unixsocket.UnixSocketChannel;
import jnr.unixsocket.UnixSocketOptions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listening unix socket. It takes at most so many connections at a time; who comes then waits in
 * the kernel's queue until one of them has ended.
 */
public final class UnixListener implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(UnixListener.class);
  private static final int BACKLOG = 128;

  /** Without a free descriptor the socket stays ready: to look again at once would be to spin. */
  private static final long NOTHING_TAKEN_PAUSE_MS = 50;

  private final SelectorLoop loop;
  private final Place place;
  private final Visitors visitors;
  private final UnixServerSocketChannel channel;
  private final @Nullable Object fileKey;

  // All below belongs to the loop's thread.
  private @Nullable SelectionKey key;
  private int connections;
  private boolean pausing;
  private boolean closed;

  /**
   * Where to listen.
   *
   * @param path of the socket; its folder must be there
   * @param group whose members may connect besides the owner; null: nobody
   * @param connectionsMax connections at a time
   */
  public record Place(Path path, @Nullable String group, int connectionsMax) {}

  /** Who takes the connections. */
  @FunctionalInterface
  public interface Visitors {
    /**
     * A connection came. Called on the common pool.
     *
     * @param uid the user at the other end when it connected, as the kernel says
     */
    void welcome(UnixConnection connection, int uid);
  }

  private UnixListener(
      SelectorLoop loop,
      Place place,
      Visitors visitors,
      UnixServerSocketChannel channel,
      @Nullable Object fileKey) {
    this.loop = loop;
    this.place = place;
    this.visitors = visitors;
    this.channel = channel;
    this.fileKey = fileKey;
  }

  static UnixListener open(SelectorLoop loop, Place place, Visitors visitors) throws IOException {
    Path path = place.path();
    // Made under another name and then moved: nobody ever meets it with the wrong permissions.
    Path fresh = Path.of(path + ".new");
    int bytes = fresh.toString().getBytes(StandardCharsets.UTF_8).length;
    if (bytes > UnixSockets.PATH_BYTES_MAX) {
      throw new IOException(
          "the path of the unix socket %s is too long, at most %d bytes are allowed"
              .formatted(path, UnixSockets.PATH_BYTES_MAX - ".new".length()));
    }
    refuseToReplace(path);
    Files.deleteIfExists(fresh);
    UnixServerSocketChannel channel = UnixServerSocketChannel.open();
    try {
      channel.configureBlocking(false);
      channel.socket().bind(new UnixSocketAddress(fresh.toFile()), BACKLOG);
      permit(fresh, place.group());
      Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
      UnixListener listener = new UnixListener(loop, place, visitors, channel, fileKey(path));
      loop.execute(listener::begin);
      return listener;
    } catch (IOException failure) {
      channel.close();
      Files.deleteIfExists(fresh);
      throw new IOException(
          "cannot listen on the unix socket %s: %s".formatted(path, reason(failure)), failure);
    }
  }

  /** Listens no more and removes the file. Connections that there are go on. */
  @Override
  public void close() {
    loop.execute(this::closeNow);
  }

  /** On the loop's thread: somebody may be waiting. */
  void onReady() {
    while (!closed && connections < place.connectionsMax()) {
      UnixSocketChannel accepted = accept();
      if (accepted == null) {
        pause();
        break;
      }
      take(accepted);
    }
    listen();
  }

  /** On the loop's thread. */
  void closeNow() {
    if (closed) {
      return;
    }
    closed = true;
    loop.remove(this);
    try {
      channel.close();
      if (Objects.equals(fileKey, fileKey(place.path()))) {
        Files.deleteIfExists(place.path());
      }
    } catch (IOException failure) {
      LOG.warn("the unix socket {} was not removed: {}", place.path(), failure.getMessage());
    }
  }

  private void begin() {
    loop.add(this);
    if (loop.isClosing()) {
      closeNow();
      return;
    }
    listen();
  }

  /** Waits for the next one, unless there are enough. */
  private void listen() {
    if (closed) {
      return;
    }
    int ops = pausing || connections >= place.connectionsMax() ? 0 : SelectionKey.OP_ACCEPT;
    try {
      if (key == null) {
        key = channel.register(loop.selector(), ops, this);
      } else if (key.interestOps() != ops) {
        key.interestOps(ops);
      }
    } catch (IOException failure) {
      LOG.error("the unix socket {} takes no connections any more", place.path(), failure);
    }
  }

  private @Nullable UnixSocketChannel accept() {
    try {
      return channel.accept();
    } catch (IOException failure) {
      LOG.warn("a connection to {} could not be taken: {}", place.path(), failure.getMessage());
      return null;
    }
  }

  private void take(UnixSocketChannel accepted) {
    try {
      accepted.configureBlocking(false);
      int uid = accepted.getOption(UnixSocketOptions.SO_PEERCRED).getUid();
      UnixConnection connection =
          new UnixConnection(loop, accepted, place.path().toString(), this::onFreed);
      connections++;
      loop.add(connection);
      ForkJoinPool.commonPool().execute(() -> visitors.welcome(connection, uid));
    } catch (IOException failure) {
      LOG.warn("a connection to {} broke at once: {}", place.path(), failure.getMessage());
      closeQuietly(accepted);
    }
  }

  private void onFreed() {
    connections--;
    listen();
  }

  private void pause() {
    pausing = true;
    CompletableFuture.delayedExecutor(NOTHING_TAKEN_PAUSE_MS, TimeUnit.MILLISECONDS)
        .execute(() ->
            loop.execute(() -> {
              pausing = false;
              listen();
            }));
  }

  private static void closeQuietly(UnixSocketChannel channel) {
    try {
      channel.close();
    } catch (IOException failure) {
      LOG.warn("a unix socket could not be closed: {}", failure.getMessage());
    }
  }

  private static void refuseToReplace(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .isOther()) {
      throw new IOException(path + " is there and is no socket; remove it, or name another path");
    }
    try (SocketChannel somebody = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      throw new IOException(
          "somebody listens on the unix socket " + somebody.getRemoteAddress() + " already");
    } catch (ConnectException stale) {
      LOG.info("{} was left by a daemon that is no more; it is replaced", path);
    }
  }

  private static void permit(Path path, @Nullable String group) throws IOException {
    if (group != null) {
      try {
        Files.getFileAttributeView(path, PosixFileAttributeView.class)
            .setGroup(
                path.getFileSystem()
                    .getUserPrincipalLookupService()
                    .lookupPrincipalByGroupName(group));
      } catch (UserPrincipalNotFoundException unknown) {
        throw new IOException("there is no group " + group, unknown);
      }
    }
    Files.setPosixFilePermissions(
        path, PosixFilePermissions.fromString(group == null ? "rw-------" : "rw-rw----"));
  }

  private static @Nullable Object fileKey(Path path) throws IOException {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS)
        ? Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey()
        : null;
  }

  private static String reason(IOException failure) {
    return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
  }
}
