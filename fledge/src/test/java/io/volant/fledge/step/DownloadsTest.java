package io.volant.fledge.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.tree.Sha256;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownloadsTest {
  private static final byte[] BODY = "program".getBytes(StandardCharsets.UTF_8);

  @TempDir private Path folder;
  private final Downloads downloads = new Downloads();
  private final HttpServer server;

  DownloadsTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
  }

  @BeforeEach
  void serve() {
    server.createContext(
        "/file",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(200, BODY.length);
            exchange.getResponseBody().write(BODY);
          }
        });
    server.createContext(
        "/moved",
        exchange -> {
          try (exchange) {
            exchange.getResponseHeaders().set("Location", "/file");
            exchange.sendResponseHeaders(302, -1);
          }
        });
    server.createContext(
        "/endless",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(200, 0);
            byte[] block = new byte[1024 * 1024];
            for (int i = 0; i < 70; i++) {
              exchange.getResponseBody().write(block);
            }
          }
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void a_file_on_a_server_is_fetched_and_checked() throws BuildFailure {
    assertThat(downloads.fetch(url("/file"), Sha256.of(BODY))).isEqualTo(BODY);
    assertThat(downloads.fetch(url("/moved"), null)).isEqualTo(BODY);
  }

  @Test
  void a_file_of_the_host_is_fetched_and_checked() throws Exception {
    Path file = Files.write(folder.resolve("f"), BODY);
    URI url = URI.create("file://" + file);
    assertThat(downloads.fetch(url, Sha256.of(BODY))).isEqualTo(BODY);
    refused(URI.create("file://" + folder + "/none"), null, "cannot be read");
  }

  @Test
  void another_checksum_is_refused_with_both() {
    String expected = "0".repeat(64);
    refused(
        url("/file"), expected, "has the checksum " + Sha256.of(BODY) + ", expected " + expected);
  }

  @Test
  void an_answer_that_is_not_200_is_refused() {
    refused(url("/none"), null, "answered with status 404");
  }

  @Test
  void more_than_64_mebibytes_are_refused() {
    refused(url("/endless"), null, "cannot be fetched");
  }

  @Test
  void a_server_that_is_not_there_is_told() {
    URI url = url("/file");
    server.stop(0);
    refused(url, null, "cannot be fetched: java.net.ConnectException");
  }

  private void refused(URI url, @Nullable String checksum, String what) {
    assertThatExceptionOfType(BuildFailure.class)
        .isThrownBy(() -> downloads.fetch(url, checksum))
        .withMessageStartingWith(url + " " + what)
        .matches(failure -> failure.code() == ExitCode.DOWNLOAD);
  }

  private URI url(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }
}
