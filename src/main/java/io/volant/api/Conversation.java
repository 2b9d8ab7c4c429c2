package io.volant.api;

import java.util.Optional;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.settings.ServerSettings;
import org.apache.pekko.stream.javadsl.BidiFlow;
import org.apache.pekko.stream.javadsl.Flow;
import org.jspecify.annotations.Nullable;
import scala.concurrent.duration.Duration;

/** What happens on one connection, whichever door it came through. */
final class Conversation {

  private final Edge edge;
  private final ApiSettings settings;

  Conversation(Edge edge, ApiSettings settings) {
    this.edge = edge;
    this.settings = settings;
  }

  /**
   * The requests of a connection, answered one after the other.
   *
   * @param local who is at the other end of a unix socket; null: it came over the network
   */
  Flow<HttpRequest, HttpResponse, NotUsed> flow(@Nullable LocalUser local) {
    ApiSettings.Patience patience = settings.patience();
    return BidiFlow.fromGraph(new HeadPatience(patience.head(), patience.keepAlive()))
        .join(Flow.of(HttpRequest.class).mapAsync(1, request -> edge.handle(request, local)));
  }

  /** What may pass on a connection. */
  ServerSettings limits(ServerSettings usual) {
    ApiSettings.Limits limits = settings.limits();
    return usual
        .withServerHeader(Optional.empty())
        .withParsingErrorHandler(ParsingProblems.class.getName())
        .withRemoteAddressAttribute(true)
        // A socket may be silent for long: pings keep it, and find out who has left.
        .withWebsocketSettings(
            usual
                .getWebsocketSettings()
                .withPeriodicKeepAliveMaxIdle(
                    Duration.fromNanos(settings.patience().heartbeat().toNanos())))
        .withMaxConnections(limits.connectionsMax())
        // Each call has a patience of its own, and a wait may take minutes.
        .withTimeouts(
            usual
                .getTimeouts()
                .withRequestTimeout(Duration.Inf())
                .withIdleTimeout(Duration.fromNanos(settings.patience().idle().toNanos())))
        .withParserSettings(
            usual
                .getParserSettings()
                .withModeledHeaderParsing(false)
                .withIllegalHeaderWarnings(false)
                .withMaxHeaderCount(limits.head().headersMax())
                .withMaxHeaderValueLength(limits.head().headerBytesMax())
                // Bodies for a workload have no limit; all others are bounded where they are read.
                .withMaxContentLength(Long.MAX_VALUE));
  }
}
