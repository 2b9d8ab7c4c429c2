package io.volant.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.volant.model.VmId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Log lines of guests in the event stream. */
class LogFeedTest {

  private static final String EVENTS = "/api/v1/events/vms";
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int BYTES_ON_THEIR_WAY_MAX = 64 << 20;

  @TempDir private Path home;
  private RunningApi api;
  private LiveLogs guests;

  @BeforeEach
  void start() {
    api =
        RunningApi.start(
            home,
            usual ->
                RunningApi.with(
                    usual,
                    new ApiSettings.Limits(
                        1 << 20,
                        1_000,
                        new ApiSettings.Head(64, 8 << 10),
                        new ApiSettings.Rate(0, 1),
                        2)));
    guests = api.liveLogs();
    guests.turnOn();
  }

  @AfterEach
  void stop() {
    api.close();
  }

  /** A client that reads all the time. */
  private final class Follower implements AutoCloseable {
    private final InputStream body;

    /** Frames as they came, each line of one after a bar. */
    private final List<String> frames = new CopyOnWriteArrayList<>();

    Follower(String query) {
      this.body = api.send(api.request(EVENTS + query), BodyHandlers.ofInputStream()).body();
      Thread.ofVirtual().start(this::read);
      await().atMost(PATIENCE).until(() -> !frames.isEmpty());
    }

    private void read() {
      List<String> lines = new ArrayList<>();
      try (BufferedReader reader =
          new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
          if (!line.isEmpty()) {
            lines.add(line);
          } else if (!lines.isEmpty()) {
            frames.add(String.join("|", lines));
            lines.clear();
          }
        }
      } catch (IOException closed) {
        frames.add("the end");
      }
    }

    List<String> frames() {
      return frames;
    }

    /** What VMs said. */
    List<String> said() {
      return frames.stream()
          .filter(frame -> frame.startsWith("event: VM_LOG|data: "))
          .map(
              frame -> json(frame).path("name").asText() + ": " + json(frame).path("line").asText())
          .toList();
    }

    long count(String event) {
      return frames.stream().filter(frame -> frame.contains("event: " + event + "|")).count();
    }

    @Override
    public void close() throws IOException {
      body.close();
    }
  }

  @Test
  void lines_come_as_vm_log_and_without_an_id_so_that_a_client_resumes_where_it_was()
      throws Exception {
    JsonNode vm = api.createHealthy("web-1");
    VmId web = id(vm);
    guests.print(web, "before anybody listened");
    try (Follower follower = new Follower("")) {
      await().atMost(PATIENCE).until(() -> guests.open() == 1);
      guests.print(web, "one");
      guests.print(web, "two");
      await().atMost(PATIENCE).until(() -> follower.said().size() == 2);
      assertThat(follower.said()).containsExactly("web-1: one", "web-1: two");
      String frame = follower.frames().getLast();
      assertThat(frame).startsWith("event: VM_LOG|data: {").doesNotContain("id: ");
      JsonNode data = json(frame);
      OpenApiDocument document = OpenApiDocument.read();
      assertThat(document.problems(document.target("#/components/schemas/VmEvent"), data))
          .isEmpty();
      assertThat(data.path("stream").asText()).isEqualTo("stdout");
      assertThat(data.path("status").asText()).isEqualTo("running");
      assertThat(data.path("ip_address")).isEqualTo(vm.path("ip_address"));
      assertThat(guests.asked()).containsExactly(web + " from now");
    }
    await().atMost(PATIENCE).until(() -> guests.open() == 0);
  }

  @Test
  void a_vm_that_comes_to_run_meanwhile_is_heard_from_its_first_line() throws Exception {
    try (Follower follower = new Follower("?types=all")) {
      VmId web = id(api.createHealthy("web-1"));
      guests.print(web, "first");
      await().atMost(PATIENCE).until(() -> follower.said().equals(List.of("web-1: first")));
      assertThat(guests.asked()).containsExactly(web + " from 0");
      assertThat(follower.count("vm.launched")).isEqualTo(1);

      api.post("/api/v1/vms/web-1/stop?wait=stopped");
      await().atMost(PATIENCE).until(() -> guests.open() == 0);
    }
  }

  @Test
  void who_asks_for_events_only_gets_no_lines_and_costs_no_guest_anything() throws Exception {
    VmId web = id(api.createHealthy("web-1"));
    try (Follower lifecycle = new Follower("?types=lifecycle");
        Follower steps = new Follower("?types=steps")) {
      assertThat(api.get(EVENTS + "?after=0&follow=false").body()).contains("VM_RUNNING");
      guests.print(web, "nobody hears this");
      api.createHealthy("web-2");
      await().atMost(PATIENCE).until(() -> lifecycle.count("VM_RUNNING") == 1);
      await().atMost(PATIENCE).until(() -> steps.count("vm.healthy") == 1);
      assertThat(lifecycle.said()).isEmpty();
      assertThat(steps.said()).isEmpty();
      assertThat(guests.asked()).isEmpty();
    }
  }

  @Test
  void a_guest_is_asked_once_for_all_and_left_alone_when_the_last_has_gone() throws Exception {
    VmId web = id(api.createHealthy("web-1"));
    try (Follower first = new Follower("")) {
      try (Follower second = new Follower("?types=all")) {
        await().atMost(PATIENCE).until(() -> guests.open() == 1);
        await()
            .atMost(PATIENCE)
            .until(() -> {
              guests.print(web, "hello");
              return !second.said().isEmpty();
            });
        assertThat(first.said()).contains("web-1: hello");
      }
      guests.print(web, "still here");
      await().atMost(PATIENCE).until(() -> first.said().contains("web-1: still here"));
    }
    await().atMost(PATIENCE).until(() -> guests.open() == 0);
    assertThat(guests.asked()).hasSize(1);
    assertThat(api.get("/metrics").body()).contains("volant_event_log_vms{state=\"followed\"} 0.0");
  }

  @Test
  void a_link_that_breaks_is_taken_up_after_the_last_line() throws Exception {
    VmId web = id(api.createHealthy("web-1"));
    try (Follower follower = new Follower("")) {
      await().atMost(PATIENCE).until(() -> guests.open() == 1);
      guests.print(web, "one");
      await().atMost(PATIENCE).until(() -> follower.said().size() == 1);
      guests.cut(web);
      guests.print(web, "two");
      await().atMost(PATIENCE).until(() -> follower.said().size() == 2);
      assertThat(follower.said()).containsExactly("web-1: one", "web-1: two");
      assertThat(guests.asked()).containsExactly(web + " from now", web + " from 1");
    }
  }

  @Test
  void beyond_so_many_vms_lines_are_left_out_and_that_is_shown() throws Exception {
    api.createHealthy("web-1");
    api.createHealthy("web-2");
    VmId third = id(api.createHealthy("web-3"));
    try (Follower follower = new Follower("")) {
      await().atMost(PATIENCE).until(() -> guests.open() == 2);
      assertThat(api.get("/metrics").body())
          .contains("volant_event_log_vms{state=\"followed\"} 2.0")
          .contains("volant_event_log_vms{state=\"left_out\"} 1.0");
      api.delete("/api/v1/vms/web-1");
      await().atMost(PATIENCE).until(() -> guests.asked().contains(third + " from now"));
      assertThat(follower.count("VM_DELETED")).isEqualTo(1);
    }
  }

  @Test
  void a_flood_does_not_hold_up_events_nor_what_others_say() throws Exception {
    VmId loud = id(api.createHealthy("loud-1"));
    VmId quiet = id(api.createHealthy("quiet-1"));
    guests.flood(loud);
    try (Follower follower = new Follower("")) {
      await().atMost(PATIENCE).until(() -> follower.said().size() > 1_000);
      guests.print(quiet, "may I?");
      await().atMost(PATIENCE).until(() -> follower.said().contains("quiet-1: may I?"));
      for (int number = 1; number <= 5; number++) {
        api.post("/api/v1/vms/quiet-1/stop?wait=stopped");
        api.post("/api/v1/vms/quiet-1/start?wait=healthy");
      }
      // the answers were seen by the client, so the events were there
      await()
          .atMost(Duration.ofSeconds(2))
          .until(() -> follower.count("VM_STOPPED") == 5 && follower.count("VM_RUNNING") == 5);
    }
  }

  @Test
  void a_subscriber_that_reads_nothing_holds_up_nobody_and_is_cut_off() throws Exception {
    VmId loud = id(api.createHealthy("loud-1"));
    guests.flood(loud);
    try (Socket asleep = new Socket();
        Follower awake = new Follower("")) {
      asleep.setReceiveBufferSize(4 << 10);
      asleep.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), api.port()));
      asleep
          .getOutputStream()
          .write(
              ("GET " + EVENTS + " HTTP/1.1\r\nHost: a\r\n\r\n").getBytes(StandardCharsets.UTF_8));
      await().atMost(Duration.ofMinutes(1)).until(() -> lost(api.get("/metrics").body()) > 0);
      int before = awake.said().size();
      await().atMost(PATIENCE).until(() -> awake.said().size() > before + 1_500); // 2 s and more
      asleep.setSoTimeout((int) PATIENCE.toMillis());
      assertThat(isOver(asleep.getInputStream())).isTrue();
    }
  }

  /**
   * Whether what is still on its way is followed by an end; what has none is read up to a limit.
   */
  private static boolean isOver(InputStream in) {
    try {
      return in.readNBytes(BYTES_ON_THEIR_WAY_MAX).length < BYTES_ON_THEIR_WAY_MAX;
    } catch (SocketTimeoutException open) {
      return false;
    } catch (IOException reset) {
      return true;
    }
  }

  private static double lost(String page) {
    return page.lines()
        .filter(line -> line.startsWith("volant_event_log_lines_lost_total "))
        .mapToDouble(line -> Double.parseDouble(line.split(" ", 2)[1]))
        .sum();
  }

  private static VmId id(JsonNode vm) {
    return new VmId(vm.path("id").asLong());
  }

  private static JsonNode json(String frame) {
    try {
      return RunningApi.JSON.readTree(frame.substring(frame.indexOf("data: ") + 6));
    } catch (IOException broken) {
      throw new AssertionError("not JSON: " + frame, broken);
    }
  }
}
