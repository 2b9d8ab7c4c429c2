package io.volant.api;

import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.http.javadsl.ClientTransport;
import org.apache.pekko.http.javadsl.OutgoingConnection;
import org.apache.pekko.http.javadsl.settings.ClientConnectionSettings;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;

/** A connection for one HTTP exchange that goes through a tunnel which is there already. */
final class GuestTransport extends ClientTransport {

  private final Flow<ByteString, ByteString, NotUsed> tunnel;

  GuestTransport(Flow<ByteString, ByteString, NotUsed> tunnel) {
    this.tunnel = tunnel;
  }

  /**
   * Settings that lead a connection into a tunnel, and bound the head of what comes from there.
   *
   * @param modeled whether headers are read as what they mean, and not only passed on
   */
  static ClientConnectionSettings over(
      org.apache.pekko.actor.typed.ActorSystem<?> system,
      Flow<ByteString, ByteString, NotUsed> tunnel,
      boolean modeled) {
    ClientConnectionSettings usual = ClientConnectionSettings.create(system.settings().config());
    return usual
        .withTransport(new GuestTransport(tunnel))
        .withUserAgentHeader(Optional.empty())
        .withIdleTimeout(scala.concurrent.duration.Duration.Inf())
        .withParserSettings(
            usual
                .getParserSettings()
                .withModeledHeaderParsing(modeled)
                .withIllegalHeaderWarnings(false)
                .withMaxContentLength(Long.MAX_VALUE));
  }

  @Override
  public Flow<ByteString, ByteString, CompletionStage<OutgoingConnection>> connectTo(
      String host, int port, ClientConnectionSettings settings, ActorSystem system) {
    InetSocketAddress nowhere = InetSocketAddress.createUnresolved(host, port);
    OutgoingConnection connection =
        new OutgoingConnection(
            org.apache.pekko.http.scaladsl.Http.OutgoingConnection$.MODULE$.apply(
                nowhere, nowhere));
    return tunnel.mapMaterializedValue(_ -> CompletableFuture.completedFuture(connection));
  }
}
