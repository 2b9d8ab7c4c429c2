package io.volant.adapter.unixsocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.SourceQueueWithComplete;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

class UnixSocketsTest extends UnixSocketsFixture {

  @Test
  void two_hundred_connections_share_one_thread() throws Exception {
    try (UnixServer server = echoServer()) {
      List<SourceQueueWithComplete<ByteString>> inputs = new ArrayList<>();
      List<SinkQueueWithCancel<ByteString>> outputs = new ArrayList<>();
      for (int number = 0; number < 200; number++) {
        var queues = queues(connect(server));
        inputs.add(queues.first());
        outputs.add(queues.second());
      }
      for (int number = 0; number < 200; number++) {
        get(inputs.get(number).offer(ByteString.fromString("connection " + number)));
      }
      for (int number = 0; number < 200; number++) {
        assertThat(get(outputs.get(number).pull()).orElseThrow().utf8String())
            .isEqualTo("connection " + number);
      }
      assertThat(threads("unix-sockets")).isEqualTo(1);
      assertThat(sockets.openConnections()).isEqualTo(200);
      inputs.forEach(SourceQueueWithComplete::complete);
      await().untilAsserted(() -> assertThat(sockets.openConnections()).isZero());
    }
  }

  @Test
  void close_from_our_side_frees_the_descriptor_and_fails_the_stream() throws Exception {
    try (UnixServer server = server(UnixSocketsFixture::readAll)) {
      UnixConnection connection = connect(server);
      CompletionStage<Done> end =
          Source.<ByteString>maybe().via(connection.flow()).runWith(Sink.ignore(), system);
      connection.close();
      assertThatThrownBy(() -> get(end))
          .hasRootCauseMessage("the connection to " + server.path() + " was closed");
      await().untilAsserted(() -> assertThat(sockets.openConnections()).isZero());
    }
  }

  @Test
  void a_cancelled_stream_frees_the_descriptor() throws Exception {
    try (UnixServer server = server(peer -> peer.write(bytes("one")))) {
      get(Source.<ByteString>maybe().via(connect(server).flow()).runWith(Sink.head(), system));
      await().untilAsserted(() -> assertThat(sockets.openConnections()).isZero());
    }
  }

  @Test
  void a_missing_path_is_named() {
    String path = folder.resolve("nobody").toString();
    assertThatThrownBy(() -> get(sockets.connect(path)))
        .cause()
        .isInstanceOf(IOException.class)
        .hasMessage("cannot connect to the unix socket %s: No such file or directory", path);
  }

  @Test
  void a_socket_without_a_listener_is_refused() throws Exception {
    UnixServer server = echoServer();
    server.close();
    assertThatThrownBy(() -> get(sockets.connect(server.path())))
        .hasMessageContaining("Connection refused");
  }

  @Test
  void a_path_of_108_bytes_is_refused() throws Exception {
    String base = folder.toString();
    Path longest = folder.resolve("s".repeat(UnixSockets.PATH_BYTES_MAX - base.length() - 2));
    try (UnixServer server = new UnixServer(longest, UnixSocketsFixture::readAll)) {
      connect(server).close();
      assertThatThrownBy(() -> get(sockets.connect(server.path() + "ss")))
          .hasMessageContaining("is 108 bytes long, Linux allows 107");
    }
  }

  @Test
  void after_close_nothing_connects_and_open_streams_fail() throws Exception {
    try (UnixServer server = server(UnixSocketsFixture::readAll)) {
      CompletionStage<Done> end =
          Source.<ByteString>maybe().via(connect(server).flow()).runWith(Sink.ignore(), system);
      sockets.close();
      assertThatThrownBy(() -> get(end)).hasMessageContaining("were closed");
      assertThatThrownBy(() -> get(sockets.connect(server.path())))
          .hasMessageContaining("were closed");
      await().untilAsserted(() -> assertThat(threads("unix-sockets")).isZero());
    }
  }
}
