package io.volant.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.WebSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Serial consoles over WebSockets; those of simulated VMs repeat what they read. */
class ConsoleApiTest {

  private static final String CONSOLE = "/ws/v1/vms/web-1/console";
  private static final String GREETING = "this console is simulated";

  @TempDir private Path home;
  private RunningApi api;

  @BeforeEach
  void start() {
    api = RunningApi.start(home);
    api.createHealthy("web-1");
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void bytes_go_both_ways_and_text_is_taken_too() {
    SocketTape tape = new SocketTape();
    WebSocket socket = open(CONSOLE, tape);
    tape.send(socket, 'h', 'i');
    awaitText(tape, "hi");
    socket.sendText(" text", true).join();
    awaitText(tape, "hi text");
    assertThat(text(tape)).startsWith(GREETING);
  }

  @Test
  void who_comes_late_sees_what_was_printed_and_all_watch_the_same() {
    SocketTape writer = new SocketTape();
    WebSocket keyboard = open(CONSOLE, writer);
    writer.send(keyboard, 'o', 'n', 'e');
    awaitText(writer, "one");
    SocketTape late = new SocketTape();
    open(CONSOLE + "?mode=watch", late);
    awaitText(late, "one");
    SocketTape later = new SocketTape();
    open("/api/v1/vms/web-1/console?mode=watch", later);
    writer.send(keyboard, 't', 'w', 'o');
    awaitText(late, "onetwo");
    awaitText(later, "onetwo");
    assertThat(text(late)).isEqualTo(text(writer)).startsWith(GREETING);
    assertThat(text(later)).isEqualTo(text(writer));
  }

  @Test
  void one_types_at_a_time_and_the_next_when_the_first_has_left() {
    SocketTape first = new SocketTape();
    WebSocket keyboard = open(CONSOLE + "?mode=write", first);
    awaitText(first, GREETING);
    assertThat(refusal(CONSOLE + "?mode=write")).isEqualTo(409);
    SocketTape second = new SocketTape();
    WebSocket other = open(CONSOLE, second);
    awaitText(second, "this one only watches]\r\n" + GREETING);
    second.send(other, 'n', 'o');
    first.send(keyboard, 'y', 'e', 's');
    awaitText(second, "yes");
    assertThat(text(first)).doesNotContain("no");

    keyboard.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
    await()
        .untilAsserted(() -> {
          SocketTape third = new SocketTape();
          third.send(open(CONSOLE + "?mode=write", third), '!');
          awaitText(third, "yes!");
        });
  }

  @Test
  void the_end_of_the_vm_is_the_end_of_its_console() {
    SocketTape writer = new SocketTape();
    open(CONSOLE, writer);
    SocketTape watcher = new SocketTape();
    open(CONSOLE + "?mode=watch", watcher);
    awaitText(watcher, GREETING);
    api.post("/api/v1/vms/web-1/stop?wait=stopped");
    assertThat(writer.end()).isEqualTo(1000);
    assertThat(watcher.end()).isEqualTo(1000);
    assertThat(refusal(CONSOLE)).isEqualTo(409);
    assertThat(api.get(CONSOLE).body()).contains("stopped", "start it first");
  }

  @Test
  void a_daemon_that_stops_lets_everyone_go() {
    SocketTape tape = new SocketTape();
    open(CONSOLE, tape);
    awaitText(tape, GREETING);
    api.stopServing();
    tape.end();
  }

  @Test
  void wrong_requests_are_refused() {
    assertThat(refusal("/ws/v1/vms/none/console")).isEqualTo(404);
    assertThat(refusal(CONSOLE + "?mode=shout")).isEqualTo(400);
    assertThat(api.get(CONSOLE).statusCode()).isEqualTo(426);
  }

  private static String text(SocketTape tape) {
    return String.join("", tape.messages());
  }

  private static void awaitText(SocketTape tape, String text) {
    await().atMost(RunningApi.PATIENCE).until(() -> text(tape).contains(text));
  }

  private WebSocket open(String path, SocketTape tape) {
    return tape.open(api, path);
  }

  private int refusal(String path) {
    return SocketTape.refusal(api, path).statusCode();
  }
}
