package io.volant.cli;

import com.fasterxml.jackson.databind.JsonNode;

/** A boot timeline as a table with a bar a step: where it begins, and how long it took. */
final class TimelineView {
  private static final int BAR_WIDTH = 40;

  private TimelineView() {}

  static void print(JsonNode timeline, Terminal terminal) {
    long totalMs = Math.max(1, timeline.path("total_ms").asLong());
    TextTable table = new TextTable().heading("STEP", "SOURCE", "AT", "TOOK", "");
    for (JsonNode step : timeline.path("steps")) {
      long atMs = step.path("since_start_ms").asLong();
      long tookMs = step.path("took_ms").asLong();
      table.row(
          terminal.safe(step.path("step").asText("").replace('_', ' ')),
          step.path("source").asText(""),
          padded(atMs),
          padded(tookMs),
          bar(atMs - tookMs, atMs, totalMs));
    }
    terminal.print(
        timeline.path("name").asText("")
            + ": start "
            + timeline.path("attempt").asText("")
            + " at "
            + timeline.path("started_at").asText("")
            + ", "
            + timeline.path("total_ms").asText("")
            + " ms");
    table.printTo(terminal);
  }

  private static String padded(long milliseconds) {
    String text = milliseconds + " ms";
    return " ".repeat(Math.max(0, 8 - text.length())) + text;
  }

  /** From one time to the other, on a scale of the whole start; at least one sign. */
  private static String bar(long fromMs, long toMs, long totalMs) {
    int from = place(fromMs, totalMs);
    int to = place(toMs, totalMs);
    int start = Math.min(from, BAR_WIDTH - 1);
    return " ".repeat(start) + "#".repeat(Math.max(1, to - start));
  }

  private static int place(long ms, long totalMs) {
    return Math.clamp(Math.round((double) ms * BAR_WIDTH / totalMs), 0, BAR_WIDTH);
  }
}
