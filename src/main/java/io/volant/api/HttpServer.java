package io.volant.api;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.ConnectionContext;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.ServerBuilder;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.TLSProtocol.SessionBytes;
import org.apache.pekko.stream.TLSProtocol.SslTlsInbound;
import org.apache.pekko.stream.TLSProtocol.SslTlsOutbound;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.TLSPlacebo;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** The API, served over HTTP: on TCP, with TLS, and on connections that others accept. */
public final class HttpServer {

  private final ActorSystem<?> system;
  private final ApiSettings settings;
  private final Conversation conversation;
  private final SharedKillSwitch streams;
  private final SharedKillSwitch visits = KillSwitches.shared("api-visits");
  private final List<ServerBinding> bindings = new ArrayList<>();

  private HttpServer(
      ActorSystem<?> system,
      ApiSettings settings,
      Conversation conversation,
      SharedKillSwitch streams) {
    this.system = system;
    this.settings = settings;
    this.conversation = conversation;
    this.streams = streams;
  }

  /** The same as with the other {@code start}, without TLS. */
  public static CompletionStage<HttpServer> start(
      ActorSystem<?> system, ApiSettings settings, ApiParts parts) {
    return start(system, settings, parts, null);
  }

  /**
   * Binds the listeners.
   *
   * @param tls certificate and key of the HTTPS listener; null: there is none
   * @return the running server, or a failure that says what stands against listening there
   * @throws IllegalArgumentException if an allowed network is not one
   */
  public static CompletionStage<HttpServer> start(
      ActorSystem<?> system, ApiSettings settings, ApiParts parts, @Nullable SSLContext tls) {
    SharedKillSwitch streams = KillSwitches.shared("api-streams");
    AtomicReference<String> address = new AtomicReference<>("");
    Edge edge = new ApiWiring(system, settings, parts, streams, address::get).edge();
    HttpServer server = new HttpServer(system, settings, new Conversation(edge, settings), streams);
    ApiSettings.Listen plain = settings.listen();
    CompletionStage<ServerBinding> bound =
        server
            .bind(plain, null)
            .thenApply(binding -> {
              address.set(text(plain.host(), binding.localAddress().getPort()));
              return binding;
            });
    ApiSettings.Tls secure = settings.doors().tls();
    if (tls != null && secure != null) {
      bound =
          bound.thenCompose(
              _ -> server.bind(secure.listen(), () -> engine(tls, secure.clientCa() != null)));
    }
    return bound.handle((_, failure) -> {
      if (failure == null) {
        return server;
      }
      server.stop();
      throw failure instanceof CompletionException known ? known : new CompletionException(failure);
    });
  }

  /** Where it listens for plain HTTP. */
  public InetSocketAddress address() {
    return bindings.getFirst().localAddress();
  }

  /** Where it listens for HTTPS, if it does. */
  public @Nullable InetSocketAddress secureAddress() {
    return bindings.size() > 1 ? bindings.get(1).localAddress() : null;
  }

  /**
   * Serves a connection that was accepted elsewhere.
   *
   * @param bytes the connection
   * @param user who is at its other end
   */
  public void serve(Flow<ByteString, ByteString, NotUsed> bytes, LocalUser user) {
    ServerSettings limits = conversation.limits(ServerSettings.create(system.classicSystem()));
    var _ =
        Http.get(system)
            .serverLayer(limits)
            .atop(noTls())
            .atop(BidiFlow.bidirectionalIdleTimeout(settings.patience().idle()))
            .join(bytes.via(visits.flow()))
            .join(conversation.flow(user))
            .run(system);
  }

  /** What stands where TLS would, in the types that the HTTP layer wants. */
  private static BidiFlow<SslTlsOutbound, ByteString, ByteString, SslTlsInbound, NotUsed> noTls() {
    return BidiFlow.fromFlows(
            Flow.of(SslTlsOutbound.class),
            Flow.of(SessionBytes.class).map(bytes -> (SslTlsInbound) bytes))
        .atop(TLSPlacebo.getInstance());
  }

  /** Stops listening, ends the streams, and gives what is being answered a moment. */
  public CompletionStage<Done> stop() {
    streams.shutdown();
    List<CompletableFuture<?>> ends = new ArrayList<>();
    for (ServerBinding binding : bindings) {
      ends.add(binding.terminate(settings.patience().shutdown()).toCompletableFuture());
    }
    return CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new))
        .thenApply(_ -> {
          visits.shutdown();
          return Done.getInstance();
        });
  }

  private CompletionStage<ServerBinding> bind(
      ApiSettings.Listen listen, @Nullable EngineMaker engines) {
    ServerBuilder builder =
        Http.get(system)
            .newServerAt(listen.host(), listen.port())
            .adaptSettings(conversation::limits);
    if (engines != null) {
      builder = builder.enableHttps(ConnectionContext.httpsServer(engines::make));
    }
    return builder
        .bindFlow(conversation.flow(null))
        .handle((binding, failure) -> {
          if (binding == null) {
            throw cannotListen(listen, failure);
          }
          bindings.add(binding);
          return binding;
        });
  }

  /** One engine a connection. */
  @FunctionalInterface
  private interface EngineMaker {
    SSLEngine make();
  }

  private static SSLEngine engine(SSLContext tls, boolean clientsShowCertificates) {
    SSLEngine engine = tls.createSSLEngine();
    engine.setUseClientMode(false);
    engine.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
    engine.setNeedClientAuth(clientsShowCertificates);
    return engine;
  }

  private static CompletionException cannotListen(
      ApiSettings.Listen listen, @Nullable Throwable failure) {
    Throwable root = ProblemMapping.root(failure);
    String why = root == null || root.getMessage() == null ? "unknown" : root.getMessage();
    return new CompletionException(
        "cannot listen on " + listen.host() + ":" + listen.port() + ": " + why, root);
  }

  private static String text(String host, int port) {
    return host.contains(":") ? "[" + host + "]:" + port : host + ":" + port;
  }
}
