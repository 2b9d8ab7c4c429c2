package io.volant.fledge.serve;

import com.sun.net.httpserver.HttpExchange;
import io.volant.fledge.report.BuildEvent;
import io.volant.fledge.report.EventJson;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Server-sent events: the name of each, and its fields as JSON. */
final class EventStream implements AutoCloseable {
  private final HttpExchange exchange;
  private boolean hasBegun;
  private boolean isBroken;

  EventStream(HttpExchange exchange) {
    this.exchange = exchange;
  }

  /** Sends an event, or nothing more once the client is gone; who watches it stops the build. */
  synchronized void send(BuildEvent event) {
    if (isBroken) {
      return;
    }
    String text = "event: " + event.name() + "\ndata: " + EventJson.fields(event) + "\n\n";
    try {
      begin();
      OutputStream out = exchange.getResponseBody();
      out.write(text.getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException gone) {
      isBroken = true;
    }
  }

  private void begin() throws IOException {
    if (!hasBegun) {
      hasBegun = true;
      exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
      exchange.getResponseHeaders().set("Cache-Control", "no-store");
      exchange.sendResponseHeaders(200, 0);
    }
  }

  @Override
  public synchronized void close() throws IOException {
    if (hasBegun && !isBroken) {
      exchange.getResponseBody().close();
    }
  }
}
