package io.volant.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A client of the event stream that comes back whenever it breaks, with the id it saw last. */
final class EventTape implements AutoCloseable {

  private final RealDaemon daemon;
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Thread thread;
  private volatile boolean closed;
  private volatile String lastId = "0";

  EventTape(RealDaemon daemon) {
    this.daemon = daemon;
    this.thread = Thread.ofVirtual().start(this::follow);
  }

  /** What was seen, a line an event: id and type. */
  List<String> lines() {
    return List.copyOf(lines);
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }

  private void follow() {
    while (!closed) {
      try {
        readOnce();
      } catch (IOException broken) {
        Thread.onSpinWait(); // the daemon is down: ask again until it is back
      } catch (InterruptedException ended) {
        return;
      }
    }
  }

  private void readOnce() throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(daemon.uri("/api/v1/events/vms?types=steps"))
            .header("Last-Event-ID", lastId)
            .build();
    InputStream body = daemon.client().send(request, BodyHandlers.ofInputStream()).body();
    String id = "";
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (line.startsWith("id:")) {
          id = line.substring(3).strip();
        } else if (line.startsWith("event:")) {
          lines.add(id + " " + line.substring(6).strip());
          lastId = id;
        }
      }
    }
  }
}
