package io.volant.api;

import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
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
    Edge edge = new ApiWiring(system, settings, parts, streams, address::get).edge();
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

  private static ServerSettings serverSettings(ServerSettings usual, ApiSettings settings) {
    return usual
        .withServerHeader(Optional.empty())
        .withParsingErrorHandler(ParsingProblems.class.getName())
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
