package io.volant.fledge.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The three ways to tell a build: lines, bars, events. */
class ProgressTest {
  private static final long MIB = 1024L * 1024;

  private final StringWriter printed = new StringWriter();
  private final PrintWriter output = new PrintWriter(printed, true);

  @Test
  void lines_tell_as_much_as_is_wanted() {
    for (Loudness loudness : Loudness.values()) {
      LineProgress progress = new LineProgress(output, loudness);
      progress.step("a step");
      progress.warning("a\nwarning");
      progress.detail("a detail");
      progress.meter("a layer", MIB).close();
    }
    assertThat(printed.toString().lines())
        .containsExactly(
            "fledge: a step",
            "fledge: warning: a warning",
            "fledge: a step",
            "fledge: warning: a warning",
            "  a detail",
            "  a layer");
  }

  @Test
  void several_bars_stand_below_what_is_printed_and_go_away() {
    BarProgress progress = new BarProgress(new BarLines(output, 80), Loudness.NORMAL);
    try (Progress.Meter first = progress.meter("layer 1 of 2", 10 * MIB);
        Progress.Meter second = progress.meter("layer 2 of 2", -1)) {
      first.advance(5 * MIB);
      second.advance(MIB);
      await().until(() -> screen().contains("layer 1 of 2") && screen().contains("layer 2 of 2"));
      await().until(() -> screen().contains("50%"));
      progress.warning("something");
      assertThat(screen().lines()).startsWith("fledge: warning: something");
      assertThat(screen().lines()).hasSize(3).allMatch(line -> line.length() <= 80);
    }
    progress.step("next");
    assertThat(screen().lines()).containsExactly("fledge: warning: something", "fledge: next");
  }

  @Test
  void events_tell_amounts_a_few_times_a_second() {
    AtomicLong clock = new AtomicLong();
    List<String> lines = new ArrayList<>();
    EventProgress progress = new EventProgress(e -> lines.add(EventJson.line(e)), clock::get);
    progress.step("s");
    progress.detail("d");
    progress.warning("w");
    try (Progress.Meter meter = progress.meter("layer", 30)) {
      meter.advance(10);
      clock.addAndGet(300_000_000);
      meter.advance(10);
      meter.advance(10);
    }
    progress.meter("unknown", -1).close();
    assertThat(lines)
        .containsExactly(
            "{\"event\":\"step\",\"title\":\"s\"}",
            "{\"event\":\"detail\",\"line\":\"d\"}",
            "{\"event\":\"warning\",\"line\":\"w\"}",
            "{\"event\":\"progress\",\"what\":\"layer\",\"done_bytes\":0,\"total_bytes\":30,"
                + "\"finished\":false}",
            "{\"event\":\"progress\",\"what\":\"layer\",\"done_bytes\":20,\"total_bytes\":30,"
                + "\"finished\":false}",
            "{\"event\":\"progress\",\"what\":\"layer\",\"done_bytes\":30,\"total_bytes\":30,"
                + "\"finished\":true}",
            "{\"event\":\"progress\",\"what\":\"unknown\",\"done_bytes\":0,\"finished\":false}",
            "{\"event\":\"progress\",\"what\":\"unknown\",\"done_bytes\":0,\"finished\":true}");
  }

  @Test
  void the_last_event_is_a_result_or_an_error() {
    assertThat(EventJson.line(new BuildEvent.Result("/i", "/m", "ab", 3)))
        .isEqualTo(
            "{\"event\":\"result\",\"output\":\"/i\",\"manifest\":\"/m\",\"sha256\":\"ab\","
                + "\"size_bytes\":3}");
    assertThat(EventJson.line(BuildEvent.Failed.of(ExitCode.INPUT, List.of("a", "b"))))
        .isEqualTo(
            "{\"event\":\"error\",\"error\":\"a\",\"code\":\"input\",\"details\":[\"a\",\"b\"]}");
  }

  /** What a terminal shows after all that was printed. */
  private synchronized String screen() {
    List<String> lines = new ArrayList<>(List.of(""));
    for (String piece : printed.toString().split("(?<=\n)|(?=\u001b)|(?<=[AK])", -1)) {
      if (piece.equals("\u001b[1A")) {
        lines.removeLast();
      } else if (piece.equals("\u001b[2K")) {
        lines.set(lines.size() - 1, "");
      } else {
        lines.set(lines.size() - 1, lines.getLast() + piece.replace("\n", ""));
        if (piece.endsWith("\n")) {
          lines.add("");
        }
      }
    }
    return String.join("\n", lines.stream().filter(line -> !line.isEmpty()).toList());
  }
}
