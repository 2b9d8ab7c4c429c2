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
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes wrong between a registry and the cache, and what is left of it: nothing. */
class FaultyRegistryTest {
  private static final RegistryTiming QUICK =
      new RegistryTiming(
          Duration.ofSeconds(5),
          Duration.ofMillis(500),
          Duration.ofMillis(500),
          List.of(Duration.ofMillis(1), Duration.ofMillis(1)));
  private static final String BLOBS = "/v2/app/blobs/";

  @TempDir private Path folder;
  private Layout image;
  private FakeRegistry registry;
  private Logins logins = new Logins(List.of());
  private final NotedProgress progress = new NotedProgress();

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

  @Test
  void a_warm_cache_costs_one_request() throws Exception {
    FetchedImage cold = fetch();
    assertThat(registry.requests).hasSize(3);
    assertThat(progress.meteredBytes).hasValue(layerSize());
    registry.requests.clear();
    assertThat(fetch()).isEqualTo(cold);
    assertThat(registry.requests).containsExactly("/v2/app/manifests/1");
    registry.requests.clear();
    ImageReference reference =
        ImageReference.parse(registry.address + "/app@" + cold.digest(), folder);
    fetcher().fetch(reference, progress);
    assertThat(registry.requests).isEmpty();
  }

  @Test
  void a_lost_archive_is_made_again_from_the_kept_layer() throws Exception {
    FetchedImage cold = fetch();
    Files.delete(cold.layers().getFirst().tar());
    registry.requests.clear();
    assertThat(fetch()).isEqualTo(cold);
    assertThat(cold.layers().getFirst().tar()).exists();
    assertThat(registry.requests).hasSize(1);
  }

  @Test
  void what_breaks_off_goes_on_where_it_was() throws Exception {
    AtomicInteger broken = new AtomicInteger();
    registry.fault =
        exchange -> isLayer(exchange) && broken.getAndIncrement() < 2 && breaksOff(exchange);
    fetch();
    assertThat(registry.requests)
        .filteredOn(request -> request.contains("bytes="))
        .hasSize(2)
        .allMatch(request -> request.endsWith("-"));
  }

  private boolean breaksOff(HttpExchange exchange) throws IOException {
    byte[] layer = layer();
    String range = exchange.getRequestHeaders().getFirst("Range");
    int from = range == null ? 0 : Integer.parseInt(range.replaceAll("[^0-9]", ""));
    exchange.sendResponseHeaders(range == null ? 200 : 206, layer.length - from);
    exchange.getResponseBody().write(layer, from, 100_000);
    exchange.getResponseBody().flush();
    return true;
  }

  @Test
  void a_registry_without_ranges_is_read_from_the_start_again() throws Exception {
    AtomicInteger requests = new AtomicInteger();
    registry.fault =
        exchange -> {
          if (!isLayer(exchange)) {
            return false;
          }
          if (requests.getAndIncrement() == 0) {
            return breaksOff(exchange);
          }
          FakeRegistry.send(exchange, 200, layer());
          return true;
        };
    assertThat(fetch().layers()).hasSize(1);
  }

  @Test
  void a_registry_that_is_not_well_is_asked_three_times() {
    for (int status : new int[] {429, 500, 503}) {
      registry.requests.clear();
      registry.fault = exchange -> status(exchange, status);
      refused("answered with status " + status);
      assertThat(registry.requests).hasSize(3);
    }
  }

  @Test
  void a_refusal_is_asked_for_once() {
    registry.fault = exchange -> isLayer(exchange) && status(exchange, 403);
    refused("layer sha256:");
    assertThat(registry.requests).hasSize(3);
  }

  @Test
  void a_registry_that_recovers_is_forgiven() throws Exception {
    AtomicInteger requests = new AtomicInteger();
    registry.fault = exchange -> requests.getAndIncrement() % 2 == 0 && status(exchange, 502);
    assertThat(fetch().layers()).hasSize(1);
  }

  @Test
  void silence_is_ended() {
    CountDownLatch never = new CountDownLatch(1);
    registry.fault =
        exchange -> {
          if (isLayer(exchange)) {
            exchange.sendResponseHeaders(200, layer().length);
            exchange.getResponseBody().flush();
            await(never);
          }
          return false;
        };
    refused("nothing came for");
    registry.fault =
        _ -> {
          await(never);
          return true;
        };
    refused("has not answered for");
    never.countDown();
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      boolean reached = latch.await(20, TimeUnit.SECONDS);
      assertThat(reached).isTrue();
    } catch (InterruptedException stopped) {
      throw new IOException(stopped);
    }
  }

  @Test
  void wrong_bytes_are_refused() {
    registry.fault =
        exchange -> {
          if (isLayer(exchange)) {
            byte[] wrong = layer();
            wrong[wrong.length / 2] ^= 1;
            FakeRegistry.send(exchange, 200, wrong);
            return true;
          }
          return false;
        };
    refused("came with other bytes: their digest is sha256:");
  }

  @Test
  void more_bytes_are_refused() {
    registry.fault =
        exchange -> {
          if (isLayer(exchange)) {
            byte[] layer = layer();
            FakeRegistry.send(exchange, 200, java.util.Arrays.copyOf(layer, layer.length + 1));
            return true;
          }
          return false;
        };
    refused("has more than the " + layerSize() + " bytes that its manifest says");
  }

  @Test
  void fewer_bytes_are_refused() {
    registry.fault =
        exchange -> {
          if (isLayer(exchange)) {
            FakeRegistry.send(exchange, 200, java.util.Arrays.copyOf(layer(), 1000));
            return true;
          }
          return false;
        };
    refused("it ended after ");
  }

  @Test
  void a_manifest_of_any_size_is_refused() {
    registry.fault =
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          byte[] block = new byte[1 << 20];
          for (int i = 0; i < 8; i++) {
            exchange.getResponseBody().write(block);
          }
          return true;
        };
    refused("is larger than 4194304 bytes");
  }

  @Test
  void a_configuration_with_other_bytes_is_refused() {
    registry.fault =
        exchange ->
            exchange.getRequestURI().getPath().startsWith(BLOBS)
                && !isLayer(exchange)
                && sends(exchange, "{}");
    refused("the configuration of ");
  }

  @Test
  void the_password_goes_to_no_other_host() throws Exception {
    logins = logins("user", "secret");
    List<String> elsewhere = new java.util.concurrent.CopyOnWriteArrayList<>();
    try (FakeRegistry storage = new FakeRegistry(image)) {
      storage.fault =
          exchange -> {
            elsewhere.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            return false;
          };
      registry.fault =
          exchange -> {
            if (exchange.getRequestHeaders().getFirst("Authorization") == null) {
              return asks(exchange, "Basic realm=\"x\"");
            }
            return isLayer(exchange)
                && leads(exchange, "http://" + storage.address + exchange.getRequestURI());
          };
      fetch();
    }
    assertThat(elsewhere).containsExactly("null");
  }

  @Test
  void plain_text_to_another_machine_is_refused() {
    for (String place :
        List.of("http://example.com/x", "ftp://127.0.0.1/x", "file:///etc/passwd")) {
      registry.fault = exchange -> isLayer(exchange) && leads(exchange, place);
      refused("only https is allowed");
    }
    registry.fault = exchange -> asks(exchange, "Bearer realm=\"http://example.com/t\"");
    refused("only https is allowed");
  }

  @Test
  void going_round_in_circles_is_ended() {
    registry.fault = exchange -> leads(exchange, exchange.getRequestURI().toString());
    refused("leads from one address to the next");
  }

  @Test
  void a_token_is_fetched_once_and_for_the_right_scope() throws Exception {
    logins = logins("user", "secret");
    List<String> logged = new java.util.concurrent.CopyOnWriteArrayList<>();
    registry.fault =
        exchange -> {
          String authorization = exchange.getRequestHeaders().getFirst("Authorization");
          if (exchange.getRequestURI().getPath().equals("/token")) {
            logged.add(authorization + " " + exchange.getRequestURI().getQuery());
            return sends(exchange, "{\"token\":\"t0k\"}");
          }
          return !"Bearer t0k".equals(authorization)
              && asks(
                  exchange,
                  "Bearer realm=\"http://"
                      + registry.address
                      + "/token\",service=\"s,1\",scope=\"repository:app:pull\"");
        };
    fetch();
    String basic =
        Base64.getEncoder().encodeToString("user:secret".getBytes(StandardCharsets.UTF_8));
    assertThat(logged).containsExactly("Basic " + basic + " service=s,1&scope=repository:app:pull");
  }

  @Test
  void a_token_that_is_none_is_refused() {
    for (String answer : List.of("{}", "[]", "{\"token\":\"a\\nb\"}", "{\"token\":7}", "x")) {
      registry.fault =
          exchange ->
              exchange.getRequestURI().getPath().equals("/token")
                  ? sends(exchange, answer)
                  : asks(exchange, "Bearer realm=\"http://" + registry.address + "/token\"");
      refused("the token for " + registry.address);
    }
    registry.fault = exchange -> asks(exchange, "Negotiate");
    refused("wants an unknown login");
  }

  @Test
  void an_interrupt_ends_it_and_leaves_nothing() throws Exception {
    CountDownLatch underWay = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    registry.fault =
        exchange -> {
          if (isLayer(exchange)) {
            exchange.sendResponseHeaders(200, layer().length);
            exchange.getResponseBody().write(layer(), 0, 100_000);
            exchange.getResponseBody().flush();
            underWay.countDown();
            await(never);
          }
          return false;
        };
    CompletableFuture<String> ended = new CompletableFuture<>();
    Thread build =
        Thread.ofPlatform()
            .start(() -> {
              try {
                new ImageFetcher(
                        new ImageCache(folder.resolve("cache")),
                        logins,
                        RegistryTiming.DEFAULT,
                        LayerLimits.DEFAULT,
                        Platform.ofHost(),
                        SavedImages.ofHost())
                    .fetch(reference(), progress);
                ended.complete("it was fetched");
              } catch (BuildFailure failure) {
                ended.complete(Thread.interrupted() + " " + failure.getMessage());
              }
            });
    assertThat(underWay.await(20, TimeUnit.SECONDS)).isTrue();
    build.interrupt();
    assertThat(ended.get(20, TimeUnit.SECONDS)).startsWith("true the build was stopped");
    never.countDown();
    try (Stream<Path> layers = Files.list(folder.resolve("cache/layers/sha256"))) {
      assertThat(layers).isEmpty();
    }
  }

  @Test
  void nobody_there_is_told() {
    registry.close();
    refused("nobody listens at " + registry.address);
  }

  private static boolean status(HttpExchange exchange, int status) throws IOException {
    exchange.sendResponseHeaders(status, -1);
    return true;
  }

  private static boolean sends(HttpExchange exchange, String body) throws IOException {
    FakeRegistry.send(exchange, 200, body.getBytes(StandardCharsets.UTF_8));
    return true;
  }

  private static boolean asks(HttpExchange exchange, String challenge) throws IOException {
    exchange.getResponseHeaders().set("WWW-Authenticate", challenge);
    return status(exchange, 401);
  }

  private static boolean leads(HttpExchange exchange, String place) throws IOException {
    exchange.getResponseHeaders().set("Location", place);
    return status(exchange, 307);
  }

  private Logins logins(String user, String secret) throws IOException {
    String both = user + ":" + secret;
    String auth = Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
    String text = "{\"auths\":{\"" + registry.address + "\":{\"auth\":\"" + auth + "\"}}}";
    return new Logins(List.of(Files.writeString(folder.resolve("logins.json"), text)));
  }

  private boolean isLayer(HttpExchange exchange) {
    String digest = image.manifest.at("/layers/0/digest").textValue();
    return exchange.getRequestURI().getPath().equals(BLOBS + digest);
  }

  private byte[] layer() throws IOException {
    String digest = image.manifest.at("/layers/0/digest").textValue();
    return Files.readAllBytes(image.folder.resolve("blobs/sha256/" + digest.substring(7)));
  }

  private long layerSize() {
    return image.manifest.at("/layers/0/size").longValue();
  }

  private ImageFetcher fetcher() {
    return new ImageFetcher(
        new ImageCache(folder.resolve("cache")),
        logins,
        QUICK,
        LayerLimits.DEFAULT,
        Platform.ofHost(),
        SavedImages.ofHost());
  }

  private ImageReference reference() throws BuildFailure {
    return ImageReference.parse("docker://" + registry.address + "/app:1", folder);
  }

  private FetchedImage fetch() throws BuildFailure {
    return fetcher().fetch(reference(), progress);
  }

  private void refused(String why) {
    assertThatExceptionOfType(BuildFailure.class)
        .as(why)
        .isThrownBy(this::fetch)
        .withMessageContaining(why)
        .matches(failure -> failure.code() == ExitCode.DOWNLOAD);
    assertThat(folder.resolve("cache/layers/sha256")).isEmptyDirectory();
  }
}
