package io.volant.adapter.unixsocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class UnixListenerTest extends UnixSocketsFixture {

  private static final int MANY = 100;

  private final BlockingQueue<Integer> uids = new LinkedBlockingQueue<>();

  private Path path() {
    return folder.resolve("d.sock");
  }

  /** Sends back what comes. */
  private UnixListener echo(@Nullable String group, int connectionsMax) throws IOException {
    return sockets.listen(
        new UnixListener.Place(path(), group, connectionsMax),
        (connection, uid) -> {
          uids.add(uid);
          var _ = connection.flow().join(Flow.of(ByteString.class)).run(system);
        });
  }

  private SocketChannel call() throws IOException {
    return SocketChannel.open(UnixDomainSocketAddress.of(path()));
  }

  private static String roundTrip(SocketChannel channel, String text) throws IOException {
    channel.write(bytes(text));
    ByteBuffer buffer = ByteBuffer.allocate(text.length());
    while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
      // until all is back
    }
    return new String(buffer.array(), StandardCharsets.UTF_8);
  }

  @Test
  void a_connection_comes_with_the_user_at_its_other_end() throws Exception {
    UnixListener listener = echo(null, MANY);
    try (SocketChannel channel = call()) {
      assertThat(roundTrip(channel, "hello")).isEqualTo("hello");
    }
    assertThat(uids.poll(10, TimeUnit.SECONDS))
        .isEqualTo((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
        .isEqualTo("rw-------");
    listener.close();
    await().until(() -> !Files.exists(path()));
  }

  @Test
  void a_group_may_be_let_to_the_socket() throws Exception {
    try (UnixListener _ = echo("nogroup", MANY)) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path())))
          .isEqualTo("rw-rw----");
      assertThat(Files.getAttribute(path(), "posix:group").toString()).isEqualTo("nogroup");
    }
    await().until(() -> !Files.exists(path())); // closing takes a moment
    assertThatThrownBy(() -> echo("no-such-group", MANY))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("there is no group no-such-group");
  }

  @Test
  void who_comes_when_all_places_are_taken_waits() throws Exception {
    try (UnixListener _ = echo(null, 1)) {
      SocketChannel first = call();
      assertThat(roundTrip(first, "one")).isEqualTo("one");
      assertThat(uids.poll(10, TimeUnit.SECONDS)).isNotNull();
      try (SocketChannel second = call()) {
        second.write(bytes("two"));
        assertThat(uids.poll(200, TimeUnit.MILLISECONDS)).as("the second waits").isNull();
        first.close();
        ByteBuffer buffer = ByteBuffer.allocate(3);
        second.read(buffer);
        assertThat(new String(buffer.array(), StandardCharsets.UTF_8)).isEqualTo("two");
      }
    }
  }

  @Test
  void a_socket_that_nobody_listens_on_is_replaced_and_a_live_one_is_not() throws Exception {
    new UnixServer(path(), _ -> {}).close(); // its file stays
    assertThat(path()).exists();
    try (UnixListener _ = echo(null, MANY);
        SocketChannel channel = call()) {
      assertThat(roundTrip(channel, "new")).isEqualTo("new");
      assertThatThrownBy(() -> echo(null, MANY))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("somebody listens on the unix socket " + path());
    }
  }

  @Test
  void what_is_no_socket_is_left_alone() throws IOException {
    Files.writeString(path(), "precious");
    assertThatThrownBy(() -> echo(null, MANY)).hasMessageContaining("is no socket");
    assertThat(path()).hasContent("precious");
  }

  @Test
  void a_path_that_cannot_be_is_one_line() {
    for (Path bad : List.of(folder.resolve("x".repeat(120)), folder.resolve("no/such/folder"))) {
      assertThatThrownBy(() -> sockets.listen(new UnixListener.Place(bad, null, 1), (_, _) -> {}))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(bad.toString())
          .message()
          .hasLineCount(1);
    }
  }
}
