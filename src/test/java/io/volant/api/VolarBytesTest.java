package io.volant.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.volant.cli.http.ApiBytes;
import io.volant.cli.http.ApiFailure;
import io.volant.cli.http.ApiPath;
import io.volant.cli.http.Daemons;
import io.volant.cli.http.MessageSocket;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The sockets and streams of {@code volar} against the daemon's. */
class VolarBytesTest {

  private static final ApiPath EXEC = ApiPath.of("vms", "web-1", "exec");
  private static final ApiPath FILES = ApiPath.of("vms", "web-1", "files");

  @TempDir private Path home;
  private RunningApi api;
  private ApiBytes volar;

  @BeforeEach
  void start() {
    api = RunningApi.start(home);
    api.createHealthy("web-1");
    volar = Daemons.at(URI.create("http://127.0.0.1:" + api.port()), null, null).bytes();
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void messages_of_every_size_come_back() throws ApiFailure {
    try (MessageSocket socket = volar.socket(EXEC.with("command", "cat"))) {
      for (int size : new int[] {1, 124, 125, 126, 65_534, 65_535, 65_536, 200_000}) {
        byte[] message = new byte[size + 1];
        Arrays.fill(message, 1, message.length, (byte) size);
        socket.send(message);
        message[0] = 1;
        if (size > 0) {
          assertThat(socket.next()).isEqualTo(message);
        }
      }
      socket.send((byte) 4);
      assertThat(socket.next())
          .isEqualTo("\5{\"code\":0}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
      assertThat(socket.next()).isNull();
    }
  }

  @Test
  void pings_are_answered_while_nothing_else_happens() throws Exception {
    api.close();
    api =
        RunningApi.start(
            home.resolve("b"),
            settings ->
                RunningApi.hasty(
                    settings, java.time.Duration.ofSeconds(1), settings.patience().accepted()));
    api.createHealthy("web-1");
    volar = Daemons.at(URI.create("http://127.0.0.1:" + api.port()), null, null).bytes();
    try (MessageSocket socket = volar.socket(EXEC.with("command", "cat"))) {
      var end =
          java.util.concurrent.CompletableFuture.supplyAsync(() -> {
            try {
              return socket.next();
            } catch (ApiFailure broken) {
              throw new IllegalStateException(broken);
            }
          });
      assertThatThrownBy(() -> end.get(2, java.util.concurrent.TimeUnit.SECONDS))
          .isInstanceOf(java.util.concurrent.TimeoutException.class);
      socket.send((byte) 0, (byte) 'x');
      assertThat(end.get(20, java.util.concurrent.TimeUnit.SECONDS)).isEqualTo(new byte[] {1, 'x'});
    }
  }

  @Test
  void a_refused_socket_says_why() {
    assertThatThrownBy(() -> volar.socket(ApiPath.of("vms", "none", "exec").with("command", "a")))
        .isInstanceOf(ApiFailure.Refused.class)
        .hasMessageContaining("no VM has the name");
  }

  @Test
  void bodies_stream_both_ways_and_refusals_are_heard() throws Exception {
    byte[] archive = new byte[5 << 20];
    new java.util.SplittableRandom(2).nextBytes(archive);
    volar.write(
        FILES.with("path", "/srv").with("mkdir", 1),
        "application/x-tar",
        out -> out.write(archive));
    try (InputStream in = volar.read(FILES.with("path", "/srv"))) {
      assertThat(in.readAllBytes()).isEqualTo(archive);
    }
    assertThatThrownBy(() ->
            volar.write(
                FILES.with("path", "/none"), "application/x-tar", out -> out.write(archive)))
        .isInstanceOf(ApiFailure.Refused.class);
    assertThatThrownBy(() -> volar.read(FILES.with("path", "/none")))
        .isInstanceOf(ApiFailure.Refused.class);
  }
}
