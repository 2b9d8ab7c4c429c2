package io.volant;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.joran.spi.JoranException;
import ch.qos.logback.core.read.ListAppender;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/** The daemon's own log configuration. */
class ClientNoiseTest {

  private final LoggerContext context = new LoggerContext();
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @BeforeEach
  void configure() throws JoranException {
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(Objects.requireNonNull(ClientNoise.class.getResource("/logback.xml")));
    var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.detachAndStopAllAppenders();
    log.start();
    root.addAppender(log);
  }

  @Test
  void what_a_client_can_make_pekko_say_is_not_logged_and_all_else_is() {
    Logger pekko = context.getLogger("org.apache.pekko.actor.ActorSystemImpl");
    pekko.error("Websocket handler failed with The connection has been aborted", new Exception());
    pekko.warn("Sending an 2xx 'early' response before end of request for http://a received...");
    pekko.error("Internal server error, sending 500 response");
    context.getLogger("io.volant.api").error("Response stream for [ is ours to say");

    assertThat(log.list).extracting(ILoggingEvent::getLevel).containsOnly(Level.ERROR);
    assertThat(log.list)
        .extracting(ILoggingEvent::getMessage)
        .containsExactly(
            "Internal server error, sending 500 response", "Response stream for [ is ours to say");
  }

  @Test
  void who_looks_for_it_sees_it() {
    var pekko = context.getLogger("org.apache.pekko.actor.ActorSystemImpl");
    pekko.setLevel(Level.DEBUG);
    pekko.error("Websocket handler failed with The connection has been aborted");
    assertThat(log.list).hasSize(1);
  }
}
