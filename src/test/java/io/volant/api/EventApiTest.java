package io.volant.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The event stream, from a real journal. */
class EventApiTest {

  private static final String EVENTS = "/api/v1/events/vms";

  /** A frame of the stream; the data is empty where there is none. */
  private record Frame(String id, String event, String data) {}

  @TempDir private Path home;
  private RunningApi api;

  @BeforeEach
  void start() {
    api = RunningApi.start(home);
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void the_turns_of_a_life_come_under_the_names_that_clients_know() throws IOException {
    live();
    List<Frame> frames = replay("after=0");
    assertThat(frames.getFirst()).isEqualTo(new Frame("0", "", ""));
    assertThat(events(frames)).containsExactly("VM_CREATED", "VM_RUNNING", "VM_DELETED");
    OpenApiDocument document = OpenApiDocument.read();
    for (Frame frame : frames.subList(1, frames.size())) {
      JsonNode data = RunningApi.JSON.readTree(frame.data());
      assertThat(document.problems(document.target("#/components/schemas/VmEvent"), data))
          .as(frame.data())
          .isEmpty();
      assertThat(data.path("type").asText()).isEqualTo(frame.event());
      assertThat(data.path("name").asText()).isEqualTo("web-1");
    }
    JsonNode running = RunningApi.JSON.readTree(frames.get(2).data());
    assertThat(running.path("pid").isNumber()).isTrue();
    assertThat(running.path("ip_address").asText()).startsWith("10.9.");
  }

  @Test
  void all_events_include_the_steps_and_each_comes_once() {
    live();
    List<String> events = events(replay("after=0&types=all"));
    assertThat(events)
        .containsSubsequence(
            "VM_CREATED",
            "vm.start_requested",
            "vm.artifacts_ready",
            "vm.launched",
            "VM_RUNNING",
            "vm.healthy",
            "VM_DELETED");
    assertThat(events).doesNotContain("vm.created", "vm.running", "vm.deleted");
  }

  @Test
  void a_client_resumes_exactly_after_the_last_id_that_it_saw() {
    live();
    List<Frame> whole = replay("after=0&types=all");
    for (int seen = 1; seen < whole.size(); seen++) {
      List<Frame> rest = replay("types=all&after=" + whole.get(seen).id());
      assertThat(rest.subList(1, rest.size())).isEqualTo(whole.subList(seen + 1, whole.size()));
    }
  }

  @Test
  void the_header_wins_over_the_query() {
    live();
    List<Frame> whole = replay("after=0");
    String last = whole.getLast().id();
    HttpResponse<String> answer =
        api.send(api.request(EVENTS + "?after=0&follow=false").header("Last-Event-ID", last));
    assertThat(frames(answer.body().lines())).containsExactly(new Frame(last, "", ""));
  }

  @Test
  void a_new_stream_begins_with_what_is_new_and_says_where_at_once() {
    live();
    HttpResponse<Stream<String>> stream = api.send(api.request(EVENTS), BodyHandlers.ofLines());
    try (Stream<String> lines = stream.body()) {
      var each = lines.iterator();
      assertThat(each.next()).matches("id: [1-9][0-9]*");
      api.createHealthy("web-2");
      String event = each.next();
      while (!event.startsWith("event: ")) {
        event = each.next();
      }
      assertThat(event).isEqualTo("event: VM_CREATED");
    }
  }

  @Test
  void an_idle_stream_shows_that_it_is_alive() {
    HttpResponse<Stream<String>> stream = api.send(api.request(EVENTS), BodyHandlers.ofLines());
    try (Stream<String> lines = stream.body()) {
      assertThat(lines.filter(line -> line.equals(":")).limit(3).count()).isEqualTo(3);
    }
  }

  @Test
  void a_position_that_is_none_is_refused() {
    for (String position : List.of("x", "-1", "1.5", "99999999999999999999")) {
      assertThat(api.get(EVENTS + "?after=" + position).statusCode()).as(position).isEqualTo(400);
      assertThat(api.send(api.request(EVENTS).header("Last-Event-ID", position)).statusCode())
          .as(position)
          .isEqualTo(400);
    }
  }

  @Test
  void the_end_of_the_daemon_ends_the_stream() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), api.port())) {
      socket.setSoTimeout((int) RunningApi.PATIENCE.toMillis());
      socket
          .getOutputStream()
          .write(
              ("GET " + EVENTS + " HTTP/1.1\r\nHost: a\r\n\r\n").getBytes(StandardCharsets.UTF_8));
      InputStream in = socket.getInputStream();
      assertThat(in.read()).isEqualTo('H');
      api.stopServing();
      assertThat(isOver(in)).isTrue();
    }
  }

  private static boolean isOver(InputStream in) throws IOException {
    try {
      in.readAllBytes();
      return true;
    } catch (SocketTimeoutException open) {
      return false;
    } catch (SocketException reset) {
      return true;
    }
  }

  /** One VM's whole life. */
  private void live() {
    api.createHealthy("web-1");
    assertThat(api.delete("/api/v1/vms/web-1").statusCode()).isEqualTo(204);
  }

  private List<Frame> replay(String query) {
    HttpResponse<String> answer = api.get(EVENTS + "?follow=false&" + query);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .startsWith("text/event-stream");
    return frames(answer.body().lines());
  }

  private static List<String> events(List<Frame> frames) {
    return frames.stream().map(Frame::event).filter(event -> !event.isEmpty()).toList();
  }

  private static List<Frame> frames(Stream<String> lines) {
    List<Frame> frames = new ArrayList<>();
    String id = "";
    String event = "";
    String data = "";
    for (String line : (Iterable<String>) lines::iterator) {
      if (line.startsWith("id: ")) {
        id = line.substring(4);
      } else if (line.startsWith("event: ")) {
        event = line.substring(7);
      } else if (line.startsWith("data: ")) {
        data = line.substring(6);
      } else if (line.isEmpty() && !id.isEmpty()) {
        frames.add(new Frame(id, event, data));
        id = "";
        event = "";
        data = "";
      }
    }
    return frames;
  }
}
