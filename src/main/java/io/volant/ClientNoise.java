package io.volant;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * Keeps out of the log what Pekko says of a client's manners: a warning or an error, some with a
 * trace, for each request with a needless body, each WebSocket that breaks, each reader who is cut
 * off. Whoever reaches the API could fill the disk with it. {@code VOLANT_LOG_LEVEL=DEBUG} shows
 * it.
 */
public final class ClientNoise extends TurboFilter {

  private static final String SOURCE = "org.apache.pekko.actor.ActorSystemImpl";

  private static final List<String> BEGINNINGS =
      List.of(
          "Sending an 2xx 'early' response before end of request",
          "Websocket handler failed with",
          "Response stream for [",
          "Explicitly set HTTP header");

  @Override
  public FilterReply decide(
      @Nullable Marker marker,
      Logger logger,
      Level level,
      @Nullable String format,
      Object @Nullable [] parameters,
      @Nullable Throwable failure) {
    boolean noise =
        format != null
            && logger.getName().equals(SOURCE)
            && logger.getEffectiveLevel().isGreaterOrEqual(Level.INFO)
            && BEGINNINGS.stream().anyMatch(format::startsWith);
    return noise ? FilterReply.DENY : FilterReply.NEUTRAL;
  }
}
