package io.volant.fledge.oci;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.volant.fledge.report.BuildFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What goes wrong between a registry and the cache, and what is left of it: nothing. */
class FaultyRegistryTest extends AgainstFakeRegistry {
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
  void going_round_in_circles_is_ended() {
    registry.fault = exchange -> leads(exchange, exchange.getRequestURI().toString());
    refused("leads from one address to the next");
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
}
