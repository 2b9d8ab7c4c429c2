package io.volant.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.volant.cli.http.Daemons;
import io.volant.cli.http.EventFollower;
import io.volant.cli.http.EventQuery;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventsTest {
  private static final EventFollower.Pause SHORT =
      new EventFollower.Pause(Duration.ofMillis(1), Duration.ofMillis(5));

  private ScriptedApi api;

  @BeforeEach
  void open() throws IOException {
    api = new ScriptedApi();
  }

  @AfterEach
  void close() {
    api.close();
  }

  private static String frame(int id) {
    return Samples.frame(id, "VM_RUNNING", "web-" + id, "0" + id + ".000", "running", "it runs");
  }

  @Test
  void without_follow_the_events_so_far_are_shown() throws IOException {
    api.on(
        "GET /api/v1/events/vms?types=lifecycle&follow=false&after=0",
        ScriptedApi.stream("id: 0\n\n: heartbeat\n\n" + frame(1) + frame(2)));

    VolarRun run = VolarRun.of(api, "events");

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    Golden.matches("events.txt", run.out());
  }

  @Test
  void json_output_has_the_id_in_front_so_that_it_can_be_resumed() {
    api.on("GET /api/v1/events/vms?types=all&follow=false&after=7", ScriptedApi.stream(frame(8)));

    VolarRun run = VolarRun.of(api, "events", "--types", "all", "--after", "7", "-o", "json");

    assertThat(run.out())
        .hasLineCount(1)
        .startsWith("{\"id\":\"8\",\"type\":\"VM_RUNNING\",\"name\":\"web-8\"");
  }

  @Test
  void a_line_of_a_log_is_shown_and_does_not_change_where_a_client_resumes() {
    api.on(
        "GET /api/v1/events/vms?types=all",
        ScriptedApi.cutAfter(
            "id: 41\n\nevent: VM_LOG\ndata: {\"type\":\"VM_LOG\",\"name\":\"web-1\",\"status\":\"running\","
                + "\"timestamp\":\"2026-11-23T13:00:01.000Z\",\"message\":\"\",\"line\":\"listening\"}\n\n"));
    api.on("GET /api/v1/events/vms?types=all", 403, Samples.error("forbidden", "no more"));

    VolarRun run = VolarRun.of(api, "events", "-f", "--types", "all");

    assertThat(run.out()).hasLineCount(1).contains("VM_LOG", "web-1", "listening");
    assertThat(api.requests().getLast().headers()).containsEntry("last-event-id", "41");
  }

  @Test
  void events_of_other_kinds_come_from_the_stream_of_all() {
    api.on(
        "GET /api/v1/events?types=plugin%2Cvm.crashed&follow=false&after=0",
        ScriptedApi.stream(
            "id: 3\nevent: plugin.installed\ndata: {\"event_id\":\"plugin/hello#1\",\"type\":\"plugin.installed\","
                + "\"kind\":\"plugin\",\"name\":\"hello\",\"timestamp\":\"2026-11-23T13:00:01.000Z\","
                + "\"by\":\"alice\",\"cause\":\"r-1\",\"message\":\"version 1 installed\"}\n\n"));

    VolarRun run = VolarRun.of(api, "events", "--kinds", "plugin,vm.crashed");

    assertThat(run.out()).hasLineCount(1).contains("plugin.installed", "hello", "version 1");
  }

  @Test
  void a_broken_stream_is_resumed_after_the_last_event() throws Exception {
    api.on(
        "GET /api/v1/events/vms?types=lifecycle&after=0",
        ScriptedApi.cutAfter("id: 0\n\n" + frame(1) + frame(2)));
    api.on("GET /api/v1/events/vms?types=lifecycle", ScriptedApi.cut());
    api.on("GET /api/v1/events/vms?types=lifecycle", 503, Samples.error("overloaded", "later"));
    // The third event is cut off in the middle, so it must come again and only then counts.
    api.on(
        "GET /api/v1/events/vms?types=lifecycle", ScriptedApi.cutAfter(frame(3).substring(0, 40)));
    api.on("GET /api/v1/events/vms?types=lifecycle", ScriptedApi.stream(frame(3) + frame(4)));

    List<String> seen = follow(EventQuery.ofVms("lifecycle", "0", true), 4);

    assertThat(seen).containsExactly("1", "2", "3", "4");
    assertThat(api.requests())
        .extracting(r -> r.headers().getOrDefault("last-event-id", "none"))
        .containsExactly("none", "2", "2", "2", "2");
  }

  @Test
  void a_stream_that_broke_before_its_first_event_is_resumed_where_it_began() throws Exception {
    api.on("GET /api/v1/events/vms?types=all", ScriptedApi.cutAfter("id: 41\n\n"));
    api.on("GET /api/v1/events/vms?types=all", ScriptedApi.stream(frame(42)));

    assertThat(follow(EventQuery.ofVms("all", "", true), 1)).containsExactly("42");
    assertThat(api.requests().getLast().headers()).containsEntry("last-event-id", "41");
  }

  @Test
  void a_break_is_told_on_stderr_and_a_refusal_ends_it() {
    api.on("GET /api/v1/events/vms?types=lifecycle", ScriptedApi.cutAfter(frame(1)));
    api.on(
        "GET /api/v1/events/vms?types=lifecycle",
        401,
        Samples.error("unauthorized", "the key is wrong"));

    VolarRun run = VolarRun.of(api, "events", "-f");

    assertThat(run.exitCode()).isEqualTo(ExitCode.DENIED.number());
    assertThat(run.out()).hasLineCount(1).contains("web-1");
    assertThat(run.err())
        .isEqualTo(
            "volar: the connection to volantd broke; trying again\nvolar: the key is wrong\n");
  }

  @Test
  void an_event_that_is_not_json_is_told_and_the_next_one_shown() {
    api.on(
        "GET /api/v1/events/vms?types=lifecycle&follow=false&after=0",
        ScriptedApi.stream("id: 1\nevent: X\ndata: {oops\n\n" + frame(2)));

    VolarRun run = VolarRun.of(api, "events");

    assertThat(run.out()).hasLineCount(1).contains("web-2");
    assertThat(run.err()).hasLineCount(1).contains("the event 1 is not JSON");
  }

  private List<String> follow(EventQuery query, int count) throws Exception {
    List<String> seen = new ArrayList<>();
    new EventFollower(Daemons.at(URI.create(api.url()), null, null), query, SHORT)
        .run(event -> {
          seen.add(event.id());
          return seen.size() < count;
        });
    return seen;
  }
}
