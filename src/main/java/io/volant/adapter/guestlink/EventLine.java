package io.volant.adapter.guestlink;

import com.fasterxml.jackson.databind.JsonNode;
import io.volant.vm.GuestSignal;
import io.volant.vm.Health;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;

/** A line of {@code GET /v1/events} as a signal. Pure. */
final class EventLine {

  private static final int STEPS_MAX = 64;
  private static final int NAME_LENGTH_MAX = 128;
  private static final int DETAIL_LENGTH_MAX = 256;

  private EventLine() {}

  /**
   * The signal on the line; empty for a type that this host does not know.
   *
   * @throws BrokenRules if the line is not what the protocol says
   */
  static Optional<GuestSignal> parse(ByteString line) {
    JsonNode object = BoundedJson.object(line);
    return switch (BoundedJson.text(object, "type", NAME_LENGTH_MAX)) {
      case "ready" -> Optional.of(ready(object));
      case "workload" -> workload(object);
      case "health" -> Optional.of(health(object));
      case "stats" -> Optional.of(stats(object));
      default -> Optional.empty();
    };
  }

  private static GuestSignal ready(JsonNode object) {
    long uptimeMs = BoundedJson.count(object, "uptime_ms");
    long nowMs = BoundedJson.count(object, "now_ms");
    return new GuestSignal.Ready(
        uptimeMs,
        Math.max(0, nowMs - uptimeMs),
        BoundedJson.text(object, "version", NAME_LENGTH_MAX),
        steps(object.path("boot")));
  }

  private static List<GuestSignal.BootStep> steps(JsonNode boot) {
    List<GuestSignal.BootStep> steps = new ArrayList<>();
    for (JsonNode step : boot) {
      if (steps.size() == STEPS_MAX) {
        break;
      }
      steps.add(
          new GuestSignal.BootStep(
              BoundedJson.text(step, "step", NAME_LENGTH_MAX),
              BoundedJson.count(step, "uptime_ms")));
    }
    return steps;
  }

  private static Optional<GuestSignal> workload(JsonNode object) {
    long uptimeMs = BoundedJson.count(object, "uptime_ms");
    int attempt = small(object, "attempt");
    return switch (BoundedJson.text(object, "state", NAME_LENGTH_MAX)) {
      case "started" ->
          Optional.of(
              new GuestSignal.WorkloadStarted(attempt, BoundedJson.count(object, "pid"), uptimeMs));
      case "exited" ->
          Optional.of(
              new GuestSignal.WorkloadExited(
                  attempt,
                  smallIfPresent(object, "code"),
                  smallIfPresent(object, "signal"),
                  BoundedJson.count(object, "restart_in_ms"),
                  uptimeMs));
      default -> Optional.empty();
    };
  }

  private static GuestSignal health(JsonNode object) {
    Health health =
        switch (BoundedJson.text(object, "state", NAME_LENGTH_MAX)) {
          case "healthy" -> Health.HEALTHY;
          case "unhealthy" -> Health.UNHEALTHY;
          default -> Health.UNKNOWN;
        };
    String detail = BoundedJson.text(object, "detail", DETAIL_LENGTH_MAX);
    return new GuestSignal.HealthChanged(health, detail.isEmpty() ? null : detail);
  }

  private static GuestSignal stats(JsonNode object) {
    return new GuestSignal.Stats(
        BoundedJson.count(object, "uptime_ms"),
        BoundedJson.count(object, "mem_total_kib"),
        BoundedJson.count(object, "mem_available_kib"));
  }

  private static int small(JsonNode object, String field) {
    long count = BoundedJson.count(object, field);
    if (count > Integer.MAX_VALUE) {
      throw new BrokenRules("the field " + field + " is out of range");
    }
    return (int) count;
  }

  private static @Nullable Integer smallIfPresent(JsonNode object, String field) {
    return object.has(field) ? (Integer) small(object, field) : null;
  }
}
