package io.volant.api;

import static io.volant.api.RunningApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.volant.adapter.simulated.SimulatedWorld;
import io.volant.fake.Death;
import io.volant.fake.SimulatedHost;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Starts, stops, restarts and deletions under a key, by a daemon that dies at each of its writes
 * before it answers: the repeat says that it is so, and it was done once.
 */
class OnceLifeTest {

  private static final String VMS = "/api/v1/vms";
  private static final String WEB = VMS + "/web";
  private static final int WRITES_MAX = 60;

  @TempDir private Path home;

  /**
   * Something that is asked of a VM.
   *
   * @param first what is done before, without a key; empty: nothing
   * @param ends the status in which the VM comes to rest; empty: it is gone
   * @param event what must have happened so often in the end
   */
  record Order(
      String method, String path, String first, int answer, String ends, String event, int times) {

    HttpRequest.Builder request(RunningApi api) {
      return api.request(path)
          .header("Idempotency-Key", "k")
          .method(method, BodyPublishers.noBody());
    }
  }

  static Stream<Arguments> orders() {
    List<Order> orders =
        List.of(
            new Order("POST", WEB + "/start", "/stop", 200, "running", "vm.start_requested", 2),
            new Order("POST", WEB + "/stop", "", 200, "stopped", "VM_STOPPED", 1),
            new Order("POST", WEB + "/restart", "", 200, "running", "vm.start_requested", 2),
            new Order("DELETE", WEB, "", 204, "", "VM_DELETED", 1));
    List<Arguments> all = new ArrayList<>();
    for (Order order : orders) {
      for (Death.Moment moment : Death.Moment.values()) {
        all.add(Arguments.of(order, moment));
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("orders")
  void a_daemon_that_dies_at_any_write_does_it_once_for_one_key(Order order, Death.Moment moment) {
    int write = 0;
    boolean died = true;
    while (died) {
      write++;
      assertThat(write).isLessThan(WRITES_MAX);
      died = dieAt(home.resolve("home-" + write), order, moment, write);
    }
    // the key's own event, the order's, and the answer
    assertThat(write).as("deaths before the answer").isGreaterThan(3);
  }

  /** False: the answer came before this write. */
  private static boolean dieAt(Path home, Order order, Death.Moment moment, int write) {
    SimulatedWorld world = SimulatedHost.world();
    Death death = new Death();
    RunningApi before = RunningApi.start(home, world, death);
    before.createHealthy("web");
    if (!order.first().isEmpty()) {
      assertThat(before.post(WEB + order.first() + "?wait=stopped").statusCode()).isEqualTo(200);
    }
    death.arm(write, moment);
    CompletableFuture<HttpResponse<String>> asked = before.sendAsync(order.request(before));
    Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> death.isDead() || asked.isDone());
    boolean answered = asked.isDone();
    before.crash();
    RunningApi after = RunningApi.start(home, world);
    HttpResponse<String> again = after.send(order.request(after));
    String at = moment + " " + write;
    assertThat(again.statusCode()).as("%s: %s", at, again.body()).isEqualTo(order.answer());
    Awaitility.await(at)
        .atMost(20, TimeUnit.SECONDS)
        .untilAsserted(() -> assertThat(status(after)).isEqualTo(order.ends()));
    String events = after.get("/api/v1/events/vms?after=0&follow=false&types=steps").body();
    assertThat(events.lines().filter(("event: " + order.event())::equals))
        .as(at)
        .hasSize(order.times());
    HttpResponse<String> third = after.send(order.request(after));
    assertThat(third.headers().firstValue("Idempotency-Replayed")).hasValue("true");
    assertThat(third.body()).isEqualTo(again.body());
    after.close();
    return !answered;
  }

  private static String status(RunningApi api) {
    HttpResponse<String> answer = api.get(WEB);
    return answer.statusCode() == 404 ? "" : json(answer).path("status").asText();
  }
}
