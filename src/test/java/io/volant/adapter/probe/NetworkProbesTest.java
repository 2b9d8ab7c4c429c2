package io.volant.adapter.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.volant.model.VmId;
import io.volant.vm.GuestSignal.HealthChanged;
import io.volant.vm.Health;
import io.volant.vm.HealthProbes.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkProbesTest {

  private static final VmId VM = new VmId(7);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final NetworkProbes probes = new NetworkProbes();
  private final List<HealthChanged> heard = new CopyOnWriteArrayList<>();
  private final AtomicInteger status = new AtomicInteger(200);
  private final AtomicInteger asked = new AtomicInteger();

  @AfterEach
  void close() {
    probes.close();
  }

  @Test
  void a_workload_is_healthy_at_its_first_success_and_unhealthy_after_three_failures()
      throws IOException {
    status.set(503);
    HttpServer server = server();
    try {
      probes.open(VM, target(server.getAddress().getPort(), "/healthz", 1_000), heard::add);
      await().atMost(PATIENCE).until(() -> asked.get() > 3);
      assertThat(heard).as("not before the first success").isEmpty();

      status.set(204);
      await().atMost(PATIENCE).until(() -> heard.size() == 1);
      assertThat(heard).containsExactly(new HealthChanged(Health.HEALTHY, null));

      int before = asked.get();
      status.set(503);
      await().atMost(PATIENCE).until(() -> heard.size() == 2);
      assertThat(heard.getLast()).isEqualTo(new HealthChanged(Health.UNHEALTHY, "HTTP 503"));
      assertThat(asked.get() - before).isBetween(3, 4);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void what_keeps_the_first_success_away_is_told_once() throws IOException {
    status.set(404);
    HttpServer server = server();
    try {
      probes.open(VM, target(server.getAddress().getPort(), "/healthz", 1_000), heard::add);
      await().atMost(PATIENCE).until(() -> !heard.isEmpty());
      int before = asked.get();
      await().atMost(PATIENCE).until(() -> asked.get() > before + 3);
      assertThat(heard).containsExactly(new HealthChanged(Health.UNKNOWN, "HTTP 404"));
    } finally {
      server.stop(0);
    }
  }

  @Test
  void without_a_path_a_connection_is_enough() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      probes.open(VM, target(socket.getLocalPort(), null, 1_000), heard::add);
      await().atMost(PATIENCE).until(() -> !heard.isEmpty());
      assertThat(heard).containsExactly(new HealthChanged(Health.HEALTHY, null));
    }
  }

  @Test
  void a_second_probe_of_the_same_vm_replaces_the_first_and_close_ends_it() throws IOException {
    HttpServer server = server();
    try {
      Target target = target(server.getAddress().getPort(), "/", 1_000);
      status.set(500);
      probes.open(VM, target, heard::add);
      List<HealthChanged> second = new CopyOnWriteArrayList<>();
      probes.open(VM, target, second::add);
      await().atMost(PATIENCE).until(() -> asked.get() > 5);
      status.set(200);
      await().atMost(PATIENCE).until(() -> !second.isEmpty());
      assertThat(heard).isEmpty();

      probes.close(VM);
      probes.close(VM);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void an_answer_that_never_comes_ends_with_the_timeout() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      long before = System.nanoTime();
      assertThat(Probe.ask(target(silent.getLocalPort(), "/", 100))).isPresent();
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(PATIENCE);
    }
  }

  @Test
  void nobody_there_is_a_problem_and_no_exception() throws IOException {
    int port;
    try (ServerSocket taken = new ServerSocket(0)) {
      port = taken.getLocalPort();
    }
    assertThat(Probe.ask(target(port, null, 1_000))).isPresent();
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP/1.1 200 OK,true",
    "HTTP/1.0 399,true",
    "HTTP/1.1 404 Not Found,false",
    "HTTP/1.1 199 X,false",
    "HTTP/1.1 2000 X,false",
    "HTTP/2 200,false",
    "SSH-2.0-OpenSSH,false",
    "'',false",
  })
  void only_a_status_line_that_is_one_counts(String answer, boolean healthy) {
    assertThat(Probe.verdict(answer).isEmpty()).isEqualTo(healthy);
  }

  private HttpServer server() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    server.createContext(
        "/",
        exchange -> {
          asked.incrementAndGet();
          exchange.sendResponseHeaders(status.get(), -1);
          exchange.close();
        });
    server.start();
    return server;
  }

  private static Target target(int port, @Nullable String path, int timeoutMs) {
    return new Target("127.0.0.1", port, path, timeoutMs);
  }
}
