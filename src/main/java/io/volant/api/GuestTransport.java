package io.volant.api;

import java.net.InetSocketAddress;
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
