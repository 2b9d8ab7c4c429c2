package io.volant.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.Config;
import io.volant.adapter.simulated.SimulatedHypervisor;
import io.volant.adapter.simulated.SimulatedWorld;
import io.volant.fake.Death;
import io.volant.fake.SimulatedHost;
import io.volant.idempotency.IdempotencyDesk;
import io.volant.journal.EventFeed;
import io.volant.journal.JournalFeed;
import io.volant.metrics.Metrics;
import io.volant.metrics.VmUsageProbe;
import io.volant.pem.PemFiles;
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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.jspecify.annotations.Nullable;

/** The API on a simulated host, and a client for it. */
final class RunningApi implements AutoCloseable {

  static final ObjectMapper JSON = new ObjectMapper();
  static final Duration PATIENCE = Duration.ofSeconds(20);

  private final SimulatedWorld world;
  private final SimulatedHost host;
  private final TunnelingGuest guest;
  private final @Nullable JournalFeed feed;
  private final EventFeed events;
  private final HttpServer server;
  private final ApiParts parts;
  private final ApiSettings settings;
  private static final VmUsageProbe.Usage USAGE = new VmUsageProbe.Usage(1.5, 4_096, 11, 12);
  private final HttpClient client = HttpClient.newHttpClient();
  private final Metrics metrics = new Metrics();

  /** Where tunnels of guests lead; null: nowhere. */
  volatile @Nullable Integer workloadPort;

  private RunningApi(
      Path home,
      Config config,
      SimulatedWorld world,
      boolean mortal,
      UnaryOperator<ApiSettings> change) {
    this.world = world;
    TunnelingGuest[] guest = new TunnelingGuest[1];
    try {
      Files.createDirectories(home); // LevelDB makes one folder only
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    this.host =
        SimulatedHost.start(
            config,
            world,
            "10.9.0.0/16",
            ports -> {
              guest[0] = new TunnelingGuest(ports.guest(), this::system, () -> workloadPort);
              return new VmPorts(
                  ports.hypervisor(),
                  guest[0],
                  ports.probes(),
                  ports.taps(),
                  ports.folders(),
                  ports.disks(),
                  ports.kernels(),
                  ports.artifacts());
            });
    this.guest = guest[0];
    // the journal's reader refuses to read from a journal that dies
    this.feed = mortal ? null : feed(host);
    this.events = feed == null ? new NoEvents() : feed;
    this.parts =
        new ApiParts(
            host.system(),
            host.vms(),
            host.plugins(),
            host.deployments(),
            events,
            feed == null ? new NoEvents() : feed,
            this.guest,
            new SimulatedHypervisor(world)::console,
            host.system().systemActorOf(IdempotencyDesk.create(), "idempotency", Props.empty()),
            Clock.systemUTC(),
            SimulatedHost.NUMBER,
            new ApiParts.Watching(metrics, (_, _) -> Optional.of(USAGE)));
    this.settings = change.apply(usual());
    this.server =
        HttpServer.start(host.system(), settings, parts, tls(settings))
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

  private static @Nullable SSLContext tls(ApiSettings settings) {
    ApiSettings.Tls tls = settings.doors().tls();
    try {
      return tls == null ? null : PemFiles.server(tls.certificate(), tls.key(), tls.clientCa());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  static RunningApi start(Path home) {
    return start(home, UnaryOperator.identity());
  }

  static RunningApi start(Path home, UnaryOperator<ApiSettings> change) {
    return new RunningApi(home, SimulatedHost.config(home), SimulatedHost.world(), false, change);
  }

  /** A daemon in a world that was there before. */
  static RunningApi start(Path home, SimulatedWorld world) {
    return new RunningApi(home, SimulatedHost.config(home), world, false, UnaryOperator.identity());
  }

  /** A daemon that dies as {@code death} says, in a world that outlives it. */
  static RunningApi start(Path home, SimulatedWorld world, Death death) {
    return new RunningApi(
        home, SimulatedHost.config(home, death), world, true, UnaryOperator.identity());
  }

  static ApiSettings usual() {
    ApiSettings.Patience usual = ApiSettings.Patience.usual();
    return new ApiSettings(
        new ApiSettings.Listen("127.0.0.1", 0, null),
        new ApiSettings.Access(List.of(), List.of(), List.of()),
        new ApiSettings.Limits(
            1 << 20, 1_000, new ApiSettings.Head(64, 8 << 10), new ApiSettings.Rate(0, 1), 256),
        new ApiSettings.Patience(
            usual.ask(),
            usual.work(),
            Duration.ofSeconds(2),
            Duration.ofMillis(200),
            Duration.ofSeconds(2),
            usual.idle(),
            Duration.ofMillis(500),
            usual.accepted(),
            usual.head(),
            usual.keepAlive()),
        new ApiSettings.Identity("host-1", "10.9.0.1", "0.1.0"),
        ApiSettings.Doors.none());
  }

  static ApiSettings with(ApiSettings settings, ApiSettings.Limits limits) {
    return new ApiSettings(
        settings.listen(),
        settings.access(),
        limits,
        settings.patience(),
        settings.identity(),
        settings.doors());
  }

  static ApiSettings with(ApiSettings settings, ApiSettings.Doors doors) {
    return new ApiSettings(
        settings.listen(),
        settings.access(),
        settings.limits(),
        settings.patience(),
        settings.identity(),
        doors);
  }

  /** With little patience for heads, idle connections and changes. */
  static ApiSettings hasty(ApiSettings settings, Duration head, Duration accepted) {
    ApiSettings.Patience usual = settings.patience();
    return new ApiSettings(
        settings.listen(),
        settings.access(),
        settings.limits(),
        new ApiSettings.Patience(
            usual.ask(),
            usual.work(),
            usual.agentAnswer(),
            usual.heartbeat(),
            usual.slowClient(),
            usual.idle(),
            usual.shutdown(),
            accepted,
            head,
            head),
        settings.identity(),
        settings.doors());
  }

  static ApiSettings with(ApiSettings settings, ApiSettings.Access access) {
    return new ApiSettings(
        settings.listen(),
        access,
        settings.limits(),
        settings.patience(),
        settings.identity(),
        settings.doors());
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

  private ActorSystem<?> system() {
    return host.system();
  }

  TunnelingGuest guest() {
    return guest;
  }

  SimulatedHost host() {
    return host;
  }

  /** What the guests of VMs say while somebody follows their logs. */
  LiveLogs liveLogs() {
    return guest.live();
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

  /** The same with an API key. */
  void createHealthy(String name, String key) {
    for (String[] call :
        new String[][] {
          {"/api/v1/plugins", manifest("hello", "1")},
          {"/api/v1/vms?wait=healthy", "{\"name\":\"%s\",\"plugin\":\"hello\"}".formatted(name)}
        }) {
      send(
          request(call[0])
              .header(Gate.KEY_HEADER, key)
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString(call[1])));
    }
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

  HttpServer server() {
    return server;
  }

  EventFeed events() {
    return events;
  }

  CompletableFuture<HttpResponse<String>> sendAsync(HttpRequest.Builder request) {
    return client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /** Ends the daemon, and leaves the world as it is. */
  void crash() {
    client.shutdownNow();
    stopServing();
    if (feed != null) {
      feed.close().toCompletableFuture().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }
    host.die();
  }

  @Override
  public void close() {
    crash();
    world.close();
  }
}
