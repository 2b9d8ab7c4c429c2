package io.volant.api;

import io.volant.manifest.ManifestReader;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SharedKillSwitch;

/** The API, served over HTTP. */
public final class HttpServer {

  private final ServerBinding binding;
  private final SharedKillSwitch streams;
  private final ApiSettings settings;

  private HttpServer(ServerBinding binding, SharedKillSwitch streams, ApiSettings settings) {
    this.binding = binding;
    this.streams = streams;
    this.settings = settings;
  }

  /**
   * Binds the listener.
   *
   * @return the running server, or a failure that says what stands against listening there
   * @throws IllegalArgumentException if an allowed network is not one
   */
  public static CompletionStage<HttpServer> start(
      ActorSystem<?> system, ApiSettings settings, ApiParts parts) {
    SharedKillSwitch streams = KillSwitches.shared("api-streams");
    AtomicReference<String> address = new AtomicReference<>("");
    Edge edge = edge(system, settings, parts, streams, address);
    ApiSettings.Listen listen = settings.listen();
    return Http.get(system)
        .newServerAt(listen.host(), listen.port())
        .adaptSettings(usual -> serverSettings(usual, settings))
        .bind(edge::handle)
        .handle((binding, failure) -> {
          if (binding == null) {
            Throwable root = ProblemMapping.root(failure);
            throw new CompletionException(
                "cannot listen on "
                    + listen.host()
                    + ":"
                    + listen.port()
                    + ": "
                    + (root == null || root.getMessage() == null ? "unknown" : root.getMessage()),
                root);
          }
          address.set(text(listen.host(), binding.localAddress().getPort()));
          return new HttpServer(binding, streams, settings);
        });
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return binding.localAddress();
  }

  /** Stops listening, ends the streams, and gives what is being answered a moment. */
  public CompletionStage<Done> stop() {
    streams.shutdown();
    return binding.terminate(settings.patience().shutdown()).thenApply(_ -> Done.getInstance());
  }

  private static Edge edge(
      ActorSystem<?> system,
      ApiSettings settings,
      ApiParts parts,
      SharedKillSwitch streams,
      AtomicReference<String> address) {
    JsonBody bodies = new JsonBody(system, settings.limits().bodyBytesMax());
    Gate gate = new Gate(settings.access());
    Cors cors = new Cors(settings.access().corsOrigins());
    List<Endpoint> endpoints =
        endpoints(new Wiring(system, settings, parts, streams, address, gate, bodies));
    return new Edge(system, gate, cors, endpoints, bodies);
  }

  /** What the routes are made from. */
  private record Wiring(
      ActorSystem<?> system,
      ApiSettings settings,
      ApiParts parts,
      SharedKillSwitch streams,
      AtomicReference<String> address,
      Gate gate,
      JsonBody bodies) {}

  private static List<Endpoint> endpoints(Wiring with) {
    ApiParts parts = with.parts();
    ApiSettings.Patience patience = with.settings().patience();
    ApiDocument document = new ApiDocument();
    ManifestReader manifests = new ManifestReader();
    HostDesk desk = new HostDesk(with.system(), parts.host(), patience);
    VmJson vmJson = new VmJson(with.settings().identity().hostName());
    VmRequestReader requests = new VmRequestReader(document, manifests);
    List<Endpoint> endpoints = new ArrayList<>();
    endpoints.addAll(
        new SystemRoutes(
                parts,
                with.settings(),
                with.address()::get,
                with.system().dispatchers().lookup(DispatcherSelector.blocking()),
                document)
            .endpoints());
    endpoints.addAll(new VmRoutes(desk, parts.vms(), vmJson, with.bodies(), requests).endpoints());
    endpoints.addAll(
        new PluginRoutes(desk, parts.plugins(), with.bodies(), manifests, document).endpoints());
    endpoints.addAll(
        new AgentRoutes(
                parts.vms(),
                parts.guest(),
                new AgentHeaders(with.gate()),
                new AgentExchange(with.system(), patience.agentAnswer()),
                patience.agentAnswer())
            .endpoints());
    endpoints.addAll(new VmInsightRoutes(parts, with.streams()).endpoints());
    endpoints.addAll(new EventRoutes(parts.events(), patience, with.streams()).endpoints());
    return endpoints;
  }

  private static ServerSettings serverSettings(ServerSettings usual, ApiSettings settings) {
    return usual
        .withServerHeader(Optional.empty())
        .withRemoteAddressAttribute(true)
        .withMaxConnections(settings.limits().connectionsMax())
        // Each call has a patience of its own, and a wait may take minutes.
        .withTimeouts(
            usual
                .getTimeouts()
                .withRequestTimeout(scala.concurrent.duration.Duration.Inf())
                .withIdleTimeout(
                    scala.concurrent.duration.Duration.fromNanos(
                        settings.patience().idle().toNanos())))
        .withParserSettings(
            usual
                .getParserSettings()
                .withModeledHeaderParsing(false)
                .withIllegalHeaderWarnings(false)
                // Bodies for a workload have no limit; all others are bounded where they are read.
                .withMaxContentLength(Long.MAX_VALUE));
  }

  private static String text(String host, int port) {
    return host.contains(":") ? "[" + host + "]:" + port : host + ":" + port;
  }
}
