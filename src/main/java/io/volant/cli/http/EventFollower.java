package io.volant.cli.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Follows the feed of events over broken connections and restarts of the daemon. Every event comes
 * once and in order, because each new connection asks for what came after the last id.
 */
public final class EventFollower {
  /** The daemon sends a heartbeat every 15 s; three missed ones mean that nobody is there. */
  private static final Duration SILENCE = Duration.ofSeconds(45);

  private final ApiClient api;
  private final EventQuery query;
  private final Pause pause;
  private String lastId = "";
  private boolean wasConnected;

  /** What becomes of the events. */
  public interface Listener {
    /**
     * Takes an event.
     *
     * @return whether to go on
     */
    boolean onEvent(SseFrame event);

    /** The feed is connected (again). */
    default void onConnected() {}

    /** The connection is lost; another try follows. */
    default void onLost(ApiFailure why) {}
  }

  /**
   * How long to wait between two tries.
   *
   * @param first the first pause; it doubles with each try that fails
   * @param longest the longest pause
   */
  public record Pause(Duration first, Duration longest) {
    /** For people: soon at first, then every few seconds. */
    public static final Pause PATIENT = new Pause(Duration.ofMillis(200), Duration.ofSeconds(5));

    Duration after(int failures) {
      Duration doubled = first.multipliedBy(1L << Math.min(failures, 16));
      return doubled.compareTo(longest) > 0 ? longest : doubled;
    }
  }

  /** A follower that has not begun yet. */
  public EventFollower(ApiClient api, EventQuery query, Pause pause) {
    this.api = api;
    this.query = query;
    this.pause = pause;
  }

  /**
   * Follows the feed until the listener has enough, or, without {@code follow}, until the events
   * are all told.
   *
   * @throws ApiFailure if the first connection fails, or the daemon refuses a later one
   */
  public void run(Listener listener) throws ApiFailure, InterruptedException {
    int failures = 0;
    while (true) {
      ApiFailure why;
      try (LineStream lines = connect()) {
        listener.onConnected();
        wasConnected = true;
        failures = 0;
        if (told(new SseReader(lines), listener)) {
          return;
        }
        why = new ApiFailure.Lost("volantd ended the stream", null);
      } catch (ApiFailure failure) {
        if (!wasConnected || isFinal(failure)) {
          throw failure;
        }
        why = failure;
      }
      if (failures == 0) {
        listener.onLost(why);
      }
      Thread.sleep(pause.after(failures));
      failures++;
    }
  }

  private LineStream connect() throws ApiFailure {
    Map<String, String> headers = lastId.isEmpty() ? Map.of() : Map.of("Last-Event-ID", lastId);
    return api.stream(query.path(lastId), headers, SILENCE);
  }

  /** Whether all is told; {@code false} after a stream that ended too early. */
  private boolean told(SseReader frames, Listener listener) throws ApiFailure {
    for (@Nullable SseFrame frame = frames.next(); frame != null; frame = frames.next()) {
      boolean enough = !frame.data().isEmpty() && !listener.onEvent(frame);
      lastId = frame.id().isEmpty() ? lastId : frame.id();
      if (enough) {
        return true;
      }
    }
    return !query.follow();
  }

  /** An overloaded daemon may recover, but one that says no will say it again. */
  private static boolean isFinal(ApiFailure failure) {
    return failure instanceof ApiFailure.Refused refused && refused.status() < 500;
  }

  /** The data of an event as JSON, with its id in front. */
  public static ObjectNode dataOf(SseFrame event) throws IOException {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("id", event.id());
    Json.parse(event.data())
        .properties()
        .forEach(field -> node.set(field.getKey(), field.getValue()));
    return node;
  }
}
