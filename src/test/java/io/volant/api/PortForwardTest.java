package io.volant.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.volant.api.OpenHouse.Door;
import io.volant.cli.ExitCode;
import io.volant.cli.LiveVolar;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code volar port-forward} to a workload that gives back what it gets. */
class PortForwardTest {

  private static final Pattern READY =
      Pattern.compile("Forwarding 127\\.0\\.0\\.1:([0-9]+) -> web-1:([0-9]+)\n");
  private static final int PATIENCE_MS = 30_000;
  private static final byte[] NOTHING = new byte[0];

  @TempDir private Path folder;
  private OpenHouse house;
  private ServerSocket workload;

  @BeforeEach
  void start() throws Exception {
    house = new OpenHouse(folder);
    house.api().createHealthy("web-1");
    workload = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    house.api().workloadPort = workload.getLocalPort();
    Thread.ofVirtual().start(this::accept);
  }

  @AfterEach
  void stop() throws IOException {
    workload.close();
    house.close();
  }

  @ParameterizedTest
  @EnumSource
  void bytes_go_both_ways_and_the_end_of_one_is_not_that_of_the_other(Door door) throws Exception {
    byte[] sent = new byte[4 << 20];
    new SplittableRandom(5).nextBytes(sent);
    try (LiveVolar volar = forward(door, "vms", "port-forward", "web-1", ":80")) {
      int port = ports(volar, 1).getFirst();
      try (Socket socket = connect(port)) {
        Thread.ofVirtual()
            .start(() -> {
              try {
                socket.getOutputStream().write(sent);
                socket.shutdownOutput();
              } catch (IOException broken) {
                return; // the reader finds less than it wants
              }
            });
        assertThat(socket.getInputStream().readAllBytes()).isEqualTo(sent);
      }
      volar.leave();
      assertThat(volar.exitCode()).isZero();
      assertThat(volar.err()).isEmpty();
      await().until(() -> refusesConnections(port));
    }
  }

  @ParameterizedTest
  @EnumSource
  void more_connections_than_the_guest_has_room_for_wait_their_turn(Door door) throws Exception {
    try (LiveVolar volar = forward(door, "port-forward", "web-1", "0:80", ":81")) {
      int port = ports(volar, 2).getLast();
      List<Socket> first = new ArrayList<>();
      for (int i = 0; i < 24; i++) {
        first.add(connect(port));
        assertEchoes(first.getLast());
      }
      try (Socket waiting = connect(port)) {
        waiting.getOutputStream().write('w');
        waiting.setSoTimeout(300);
        assertThat(hears(waiting)).isFalse();
        first.getFirst().shutdownOutput();
        waiting.setSoTimeout(PATIENCE_MS);
        assertThat(waiting.getInputStream().read()).isEqualTo('w');
      }
      for (Socket socket : first) {
        socket.close();
      }
      assertThat(volar.err()).isEmpty();
    }
  }

  @Test
  void a_port_that_nobody_listens_on_in_the_vm_is_a_line_and_no_end() throws Exception {
    house.api().workloadPort = null;
    try (LiveVolar volar = forward(Door.TCP, "port-forward", "web-1", ":80")) {
      int port = ports(volar, 1).getFirst();
      try (Socket socket = connect(port)) {
        assertThat(socket.getInputStream().read()).isEqualTo(-1);
      }
      await().until(() -> volar.err().endsWith("\n"));
      assertThat(volar.err())
          .hasLineCount(1)
          .matches("volar: 127\\.0\\.0\\.1:[0-9]+ -> web-1:80: .*refused the connection\n");
      house.api().workloadPort = workload.getLocalPort();
      try (Socket socket = connect(port)) {
        assertEchoes(socket);
      }
    }
  }

  @Test
  void a_client_that_breaks_off_is_no_complaint() throws Exception {
    try (LiveVolar volar = forward(Door.TCP, "port-forward", "web-1", ":80")) {
      int port = ports(volar, 1).getFirst();
      Socket socket = connect(port);
      assertEchoes(socket);
      socket.setSoLinger(true, 0);
      socket.close(); // a reset
      try (Socket next = connect(port)) {
        assertEchoes(next);
      }
      assertThat(volar.err()).isEmpty();
    }
  }

  @Test
  void a_port_in_use_and_a_vm_that_is_not_there_or_does_not_run_are_one_line() throws Exception {
    String used = Integer.toString(workload.getLocalPort());
    fails(ExitCode.CONFLICT, "cannot listen on 127.0.0.1:" + used + ": ", "web-1", ":80", used);
    fails(ExitCode.NOT_FOUND, "no VM has the name 'none'", "none", "80");
    fails(ExitCode.USAGE, "is not an address", "web-1", "80", "--address", "no.such.invalid");
    house.api().post("/api/v1/vms/web-1/stop?wait=stopped");
    fails(ExitCode.CONFLICT, "VM 'web-1' is stopped; start it first", "web-1", "80");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "0", "80:0", "65536", "65536:80", "1:2:3", "-1", "80:", "http"})
  void what_is_no_port_is_refused(String port) {
    LiveVolar volar = forward(Door.TCP, "port-forward", "web-1", "--", port);
    assertThat(volar.exitCode()).isEqualTo(ExitCode.USAGE.number());
    assertThat(volar.err()).hasLineCount(1).contains("'" + port + "'", "1 to 65535");
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM"})
  void a_process_that_is_told_to_end_ends_well(String signal) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin/java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            "io.volant.cli.Volar",
            "port-forward",
            "web-1",
            ":80");
    builder.environment().putAll(house.environment(Door.UNIX));
    Process process = builder.start();
    try (var out = process.inputReader(StandardCharsets.UTF_8)) {
      assertThat(out.readLine() + "\n").matches(READY);
      new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
      assertThat(process.waitFor(PATIENCE_MS, TimeUnit.MILLISECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  private void fails(ExitCode code, String why, String... arguments) {
    String[] words = new String[arguments.length + 1];
    words[0] = "port-forward";
    System.arraycopy(arguments, 0, words, 1, arguments.length);
    LiveVolar volar = forward(Door.TCP, words);
    assertThat(volar.exitCode()).as(volar.err()).isEqualTo(code.number());
    assertThat(volar.err()).hasLineCount(1).startsWith("volar: ").contains(why);
    assertThat(volar.out()).isEmpty();
  }

  private LiveVolar forward(Door door, String... arguments) {
    return LiveVolar.start(house.environment(door), NOTHING, arguments);
  }

  /** The ports here that lead to ports there, once it says so. */
  private static List<Integer> ports(LiveVolar volar, int count) {
    await()
        .until(
            () -> READY.matcher(volar.out()).results().count() == count || !volar.err().isEmpty());
    List<Integer> ports = new ArrayList<>();
    Matcher matcher = READY.matcher(volar.out());
    while (matcher.find()) {
      ports.add(Integer.parseInt(matcher.group(1)));
    }
    assertThat(ports).as(volar.err()).hasSize(count);
    return ports;
  }

  private static Socket connect(int port) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MS);
    return socket;
  }

  private static void assertEchoes(Socket socket) throws IOException {
    socket.getOutputStream().write('e');
    assertThat(socket.getInputStream().read()).isEqualTo('e');
  }

  private static boolean hears(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read() >= 0;
    } catch (java.net.SocketTimeoutException nothing) {
      return false;
    }
  }

  private static boolean refusesConnections(int port) {
    try (Socket socket = connect(port)) {
      return !socket.isConnected();
    } catch (IOException refused) {
      return true;
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket connection = workload.accept();
        Thread.ofVirtual().start(() -> echo(connection));
      }
    } catch (IOException closed) {
      return; // the test is over
    }
  }

  /** Keeps its own direction open until all has come. */
  private static void echo(Socket connection) {
    try (connection) {
      connection.getInputStream().transferTo(connection.getOutputStream());
    } catch (IOException gone) {
      return; // the other end sees it
    }
  }
}
