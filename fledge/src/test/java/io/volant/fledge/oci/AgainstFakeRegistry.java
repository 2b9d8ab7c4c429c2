package io.volant.fledge.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpExchange;
import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What tests against {@link FakeRegistry} share: an image of one layer, and a cache. */
abstract class AgainstFakeRegistry {
  private static final RegistryTiming QUICK =
      new RegistryTiming(
          Duration.ofSeconds(5),
          Duration.ofMillis(500),
          Duration.ofMillis(500),
          List.of(Duration.ofMillis(1), Duration.ofMillis(1)));
  static final String BLOBS = "/v2/app/blobs/";

  @TempDir Path folder;
  Layout image;
  FakeRegistry registry;
  Logins logins = new Logins(List.of());
  final NotedProgress progress = new NotedProgress();

  @BeforeEach
  void serve() throws IOException {
    image = new Layout(folder.resolve("image"));
    byte[] noise = new byte[300_000];
    new Random(1).nextBytes(noise);
    String text = new String(noise, StandardCharsets.ISO_8859_1);
    image.layer(Tars.tar().file("a", text).bytes());
    image.write(null);
    registry = new FakeRegistry(image);
  }

  @AfterEach
  void stop() throws IOException {
    registry.close();
    try (Stream<Path> left = Files.list(folder.resolve("cache/partial"))) {
      assertThat(left).isEmpty();
    }
  }

  static boolean status(HttpExchange exchange, int status) throws IOException {
    exchange.sendResponseHeaders(status, -1);
    return true;
  }

  static boolean sends(HttpExchange exchange, String body) throws IOException {
    FakeRegistry.send(exchange, 200, body.getBytes(StandardCharsets.UTF_8));
    return true;
  }

  static boolean asks(HttpExchange exchange, String challenge) throws IOException {
    exchange.getResponseHeaders().set("WWW-Authenticate", challenge);
    return status(exchange, 401);
  }

  static boolean leads(HttpExchange exchange, String place) throws IOException {
    exchange.getResponseHeaders().set("Location", place);
    return status(exchange, 307);
  }

  final boolean isLayer(HttpExchange exchange) {
    String digest = image.manifest.at("/layers/0/digest").textValue();
    return exchange.getRequestURI().getPath().equals(BLOBS + digest);
  }

  final byte[] layer() throws IOException {
    String digest = image.manifest.at("/layers/0/digest").textValue();
    return Files.readAllBytes(image.folder.resolve("blobs/sha256/" + digest.substring(7)));
  }

  final long layerSize() {
    return image.manifest.at("/layers/0/size").longValue();
  }

  final ImageFetcher fetcher() {
    return new ImageFetcher(
        new ImageCache(folder.resolve("cache")),
        logins,
        QUICK,
        LayerLimits.DEFAULT,
        Platform.ofHost(),
        SavedImages.ofHost());
  }

  final ImageReference reference() throws BuildFailure {
    return ImageReference.parse("docker://" + registry.address + "/app:1", folder);
  }

  final FetchedImage fetch() throws BuildFailure {
    return fetcher().fetch(reference(), progress);
  }

  final void refused(String why) {
    assertThatExceptionOfType(BuildFailure.class)
        .as(why)
        .isThrownBy(this::fetch)
        .withMessageContaining(why)
        .matches(failure -> failure.code() == ExitCode.DOWNLOAD);
    assertThat(folder.resolve("cache/layers/sha256")).isEmptyDirectory();
  }
}
