package io.volant.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.volant.adapter.simulated.SimulatedWorld;
import io.volant.fake.SimulatedHost;
import io.volant.journal.JournalFeed;
import io.volant.model.VmId;
import io.volant.vm.Guest;
import io.volant.vm.GuestException;
import io.volant.vm.GuestLogLine;
import io.volant.vm.GuestSignal;
import io.volant.vm.LinkAddress;
import io.volant.vm.VmPorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.Tcp;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** The API on a simulated host, and a client for it. */
final class RunningApi implements AutoCloseable {

  static final ObjectMapper JSON = new ObjectMapper();
  static final Duration PATIENCE = Duration.ofSeconds(20);

  private final SimulatedWorld world = SimulatedHost.world();
  private final SimulatedHost host;
  private final JournalFeed feed;
  private final HttpServer server;
  private final ApiParts parts;
  private final ApiSettings settings;
  private final HttpClient client = HttpClient.newHttpClient();

  /** Where tunnels of guests lead; null: nowhere. */
  volatile @Nullable Integer workloadPort;

  private RunningApi(Path home, UnaryOperator<ApiSettings> change) {
    Guest[] guest = new Guest[1];
    try {
      Files.createDirectories(home); // LevelDB makes one folder only
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    this.host =
        SimulatedHost.start(
            SimulatedHost.config(home),
            world,
            "10.9.0.0/16",
            ports -> {
              guest[0] = new TunnelingGuest(ports.guest());
              return new VmPorts(
                  ports.hypervisor(),
                  guest[0],
                  ports.taps(),
                  ports.folders(),
                  ports.kernels(),
                  ports.artifacts());
            });
    this.feed = feed(host);
    this.parts =
        new ApiParts(
            host.system(),
            host.vms(),
            host.plugins(),
            host.deployments(),
            feed,
            guest[0],
            Clock.systemUTC());
    this.settings = change.apply(usual());
    this.server =
        HttpServer.start(host.system(), settings, parts)
            .toCompletableFuture()
            .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
            .join();
  }

  @SuppressWarnings("deprecation") // there is no other reader of LevelDB, see docs/adr
  private static JournalFeed feed(SimulatedHost host) {
    return JournalFeed.open(
        host.system(),
        org.apache.pekko.persistence.query.journal.leveldb.javadsl.LeveldbReadJournal.class,
        org.apache.pekko.persistence.query.journal.leveldb.javadsl.LeveldbReadJournal.Identifier());
  }

  static RunningApi start(Path home) {
    return new RunningApi(home, UnaryOperator.identity());
  }

  static RunningApi start(Path home, UnaryOperator<ApiSettings> change) {
    return new RunningApi(home, change);
  }

  static ApiSettings usual() {
    ApiSettings.Patience usual = ApiSettings.Patience.usual();
    return new ApiSettings(
        new ApiSettings.Listen("127.0.0.1", 0, null),
        new ApiSettings.Access(null, List.of(), List.of()),
        new ApiSettings.Limits(1 << 20, 1_000),
        new ApiSettings.Patience(
            usual.ask(),
            usual.work(),
            Duration.ofSeconds(2),
            Duration.ofMillis(200),
            Duration.ofSeconds(2),
            usual.idle(),
            Duration.ofMillis(500)),
        new ApiSettings.Identity("host-1", "10.9.0.1", "0.1.0"));
  }

  static ApiSettings with(ApiSettings settings, ApiSettings.Access access) {
    return new ApiSettings(
        settings.listen(), access, settings.limits(), settings.patience(), settings.identity());
  }

  static String manifest(String name, String version) {
    return """
    {"schema_version": "1.0", "name": "%s", "version": "%s", "runtime": "%s",
     "initramfs": {"url": "/images/%s.cpio.gz"},
     "resources": {"cpu_cores": 1, "memory_mb": 64},
     "workload": {"type": "http", "entrypoint": ["/bin/true"], "base_url": "http://127.0.0.1:8080/base"},
     "health_check": {"endpoint": "/", "timeout_ms": 1000}}
    """
        .formatted(name, version, name, name);
  }

  ApiWiring wiring() {
    return new ApiWiring(
        host.system(),
        settings,
        parts,
        org.apache.pekko.stream.KillSwitches.shared("test"),
        () -> "here");
  }

  SimulatedWorld world() {
    return world;
  }

  SimulatedHost host() {
    return host;
  }

  int port() {
    return server.address().getPort();
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port() + path);
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(uri(path)).timeout(PATIENCE);
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    return send(request, HttpResponse.BodyHandlers.ofString());
  }

  <T> HttpResponse<T> send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> handler) {
    try {
      return client.send(request.build(), handler);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException stopped) {
      throw new IllegalStateException(stopped);
    }
  }

  HttpResponse<String> get(String path) {
    return send(request(path));
  }

  HttpResponse<String> post(String path, String json) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json)));
  }

  HttpResponse<String> post(String path) {
    return send(request(path).POST(HttpRequest.BodyPublishers.noBody()));
  }

  HttpResponse<String> delete(String path) {
    return send(request(path).DELETE());
  }

  /** Installs the plugin {@code hello} and creates a VM of it that is healthy. */
  JsonNode createHealthy(String name) {
    post("/api/v1/plugins", manifest("hello", "1"));
    return json(
        post("/api/v1/vms?wait=healthy", "{\"name\":\"%s\",\"plugin\":\"hello\"}".formatted(name)));
  }

  static JsonNode json(HttpResponse<String> response) {
    try {
      return JSON.readTree(response.body());
    } catch (IOException broken) {
      throw new AssertionError("not JSON: " + response.body(), broken);
    }
  }

  /** Ends the HTTP side only. */
  void stopServing() {
    server.stop().toCompletableFuture().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    client.shutdownNow();
    stopServing();
    feed.close().toCompletableFuture().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    host.die();
    world.close();
  }

  /** The simulated guest, with tunnels that lead to a real socket. */
  private final class TunnelingGuest implements Guest {
    private final Guest inner;

    TunnelingGuest(Guest inner) {
      this.inner = inner;
    }

    @Override
    public void open(VmId vmId, LinkAddress address, Consumer<GuestSignal> listener) {
      inner.open(vmId, address, listener);
    }

    @Override
    public void close(VmId vmId) {
      inner.close(vmId);
    }

    @Override
    public CompletionStage<Done> shutdown(VmId vmId) {
      return inner.shutdown(vmId);
    }

    @Override
    public CompletionStage<Flow<ByteString, ByteString, NotUsed>> tunnel(VmId vmId, int port) {
      Integer to = workloadPort;
      if (to == null) {
        return CompletableFuture.failedFuture(
            new GuestException("port " + port + " in the guest refused the connection"));
      }
      Flow<ByteString, ByteString, ?> tcp =
          Tcp.get(host.system()).outgoingConnection("127.0.0.1", to);
      return CompletableFuture.completedFuture(
          tcp.mapMaterializedValue(_ -> NotUsed.getInstance()));
    }

    @Override
    public CompletionStage<Source<GuestLogLine, NotUsed>> logs(
        VmId vmId, long fromSequence, boolean follow) {
      return CompletableFuture.completedFuture(
          Source.range(0, 2)
              .map(n -> new GuestLogLine(n, 100L * n, "stdout", "line " + n))
              .filter(line -> line.sequence() >= fromSequence));
    }
  }
}
