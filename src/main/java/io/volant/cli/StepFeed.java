package io.volant.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.volant.cli.http.ApiClient;
import io.volant.cli.http.ApiFailure;
import io.volant.cli.http.ApiPath;
import io.volant.cli.http.EventFollower;
import io.volant.cli.http.EventQuery;
import io.volant.cli.http.Json;
import io.volant.cli.http.SseFrame;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Shows the steps of a VM's start as they happen, while another thread waits for its end. Where the
 * feed of events cannot be had, the steps are read from the timeline again and again.
 */
final class StepFeed implements EventFollower.Listener {
  private static final Duration CONNECT_LIMIT = Duration.ofMillis(500);
  private static final Duration LAST_STEP_LIMIT = Duration.ofMillis(300);
  private static final Duration POLL_PAUSE = Duration.ofMillis(250);

  private final ApiClient api;
  private final String name;
  private final Terminal terminal;
  private final CountDownLatch ready = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private @Nullable Instant first;
  private volatile boolean finished;

  private StepFeed(ApiClient api, String name, Terminal terminal) {
    this.api = api;
    this.name = name;
    this.terminal = terminal;
  }

  /** Begins to show steps; comes back when none can be missed any more, or after half a second. */
  static StepFeed open(ApiClient api, String name, Terminal terminal) throws InterruptedException {
    StepFeed feed = new StepFeed(api, name, terminal);
    Thread.ofPlatform().daemon().name("steps").start(feed::follow);
    feed.ready.await(CONNECT_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    return feed;
  }

  /** Shows what is still on its way, then no more. */
  void finish() throws InterruptedException {
    finished = true;
    ended.await(LAST_STEP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    // From here on the result is printed; a late step would stand in the middle of it.
    silence();
  }

  private synchronized void silence() {
    ended.countDown();
  }

  private void follow() {
    EventQuery query = EventQuery.ofVms("steps", "", true);
    try {
      new EventFollower(api, query, EventFollower.Pause.PATIENT).run(this);
    } catch (ApiFailure noFeed) {
      ready.countDown();
      poll();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } finally {
      ended.countDown();
    }
  }

  @Override
  public void onConnected() {
    ready.countDown();
  }

  @Override
  public boolean onEvent(SseFrame event) {
    try {
      JsonNode data = Json.parse(event.data());
      return !data.path("name").asText("").equals(name) || onStep(data);
    } catch (IOException | DateTimeParseException odd) {
      // Steps are only shown; the outcome does not depend on them.
      return true;
    }
  }

  private boolean onStep(JsonNode data) {
    String type = data.path("type").asText("");
    Instant at = Instant.parse(data.path("timestamp").asText(""));
    Instant from = first == null ? at : first;
    first = from;
    String step =
        type.startsWith("vm.")
            ? type.substring(3)
            : type.replaceFirst("^VM_", "").toLowerCase(Locale.ROOT);
    show(Duration.between(from, at).toMillis(), step, data.path("message").asText(""));
    return !type.equals("vm.healthy") && !type.equals("VM_CRASHED");
  }

  /** The timeline is complete whenever it is asked for, so the last look comes after the end. */
  private void poll() {
    int shown = 0;
    boolean last = false;
    while (!last) {
      last = finished;
      shown = showFrom(shown);
      if (!last && !paused()) {
        return;
      }
    }
  }

  private int showFrom(int shown) {
    try {
      JsonNode steps = api.get(ApiPath.of("vms", name, "timeline")).body().path("steps");
      for (int i = shown; i < steps.size(); i++) {
        JsonNode step = steps.get(i);
        show(step.path("since_start_ms").asLong(), step.path("step").asText(""), "");
      }
      return Math.max(shown, steps.size());
    } catch (ApiFailure notYet) {
      return shown;
    }
  }

  private static boolean paused() {
    try {
      Thread.sleep(POLL_PAUSE);
      return true;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private synchronized void show(long sinceStartMs, String step, String message) {
    if (ended.getCount() == 0) {
      return;
    }
    String time = "+" + sinceStartMs + " ms";
    String line =
        " ".repeat(Math.max(1, 11 - time.length())) + time + "  " + step.replace('_', ' ');
    String more =
        message.isEmpty()
            ? ""
            : "  " + terminal.paint(terminal.safe(message), Terminal.Colour.GREY);
    terminal.tell(line + more);
  }
}
