package io.volant.api;

import static io.volant.api.RunningApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one client can use up. */
class LimitsTest {

  private static final Duration SHORT = Duration.ofMillis(500);

  @TempDir private Path home;

  @Test
  void who_calls_too_often_is_told_when_to_come_back() {
    try (RunningApi api = withLimits(new ApiSettings.Head(64, 8192), new ApiSettings.Rate(1, 3))) {
      HttpResponse<String> last = api.get("/healthz");
      for (int call = 0; call < 10 && last.statusCode() == 200; call++) {
        last = api.get("/healthz");
      }
      assertThat(last.statusCode()).isEqualTo(429);
      assertThat(last.headers().firstValue("Retry-After")).hasValue("1");
      assertThat(last.headers().firstValue("X-Request-Id")).isPresent();
      assertThat(json(last).path("code").asText()).isEqualTo("rate_limited");
    }
  }

  @Test
  void heads_are_bounded() {
    try (RunningApi api = withLimits(new ApiSettings.Head(8, 256), new ApiSettings.Rate(0, 1))) {
      assertThat(api.get("/healthz").statusCode()).isEqualTo(200);
      assertThat(api.send(api.request("/healthz").header("X-Long", "x".repeat(300))).statusCode())
          .isBetween(400, 431);
      var many = api.request("/healthz");
      for (int header = 0; header < 12; header++) {
        many.header("X-Number-" + header, "1");
      }
      assertThat(api.send(many).statusCode()).isBetween(400, 431);
    }
  }

  @Test
  void a_client_that_trickles_its_head_is_cut() throws IOException {
    try (RunningApi api = hasty();
        Socket slow = new Socket(InetAddress.getLoopbackAddress(), api.port())) {
      long begin = System.nanoTime();
      slow.getOutputStream().write(bytes("GET /healthz HTTP/1.1\r\nHost: a\r\nX-Slow: "));
      assertThat(endOf(slow)).isEmpty();
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(15));
    }
  }

  @Test
  void a_client_that_says_nothing_more_is_cut_after_its_answer() throws IOException {
    try (RunningApi api = hasty();
        Socket idle = new Socket(InetAddress.getLoopbackAddress(), api.port())) {
      idle.getOutputStream().write(bytes("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"));
      assertThat(endOf(idle)).contains("200 OK").contains("{\"status\":\"ok\"}");
    }
  }

  @Test
  void an_answer_that_has_no_end_is_not_cut() throws IOException {
    try (RunningApi api = hasty();
        Socket follower = new Socket(InetAddress.getLoopbackAddress(), api.port())) {
      follower.getOutputStream().write(bytes("GET /api/v1/events/vms HTTP/1.1\r\nHost: a\r\n\r\n"));
      follower.setSoTimeout(20_000);
      InputStream in = follower.getInputStream();
      long begin = System.nanoTime();
      byte[] buffer = new byte[1024];
      while (System.nanoTime() - begin < SHORT.multipliedBy(4).toNanos()) {
        assertThat(in.read(buffer)).as("heartbeats come, and no end").isPositive();
      }
    }
  }

  private RunningApi withLimits(ApiSettings.Head head, ApiSettings.Rate rate) {
    return RunningApi.start(
        home,
        usual -> RunningApi.with(usual, new ApiSettings.Limits(1 << 20, 100, head, rate, 256)));
  }

  private RunningApi hasty() {
    return RunningApi.start(
        home, usual -> RunningApi.hasty(usual, SHORT, usual.patience().accepted()));
  }

  /** All that comes until the other side has closed. */
  private static String endOf(Socket socket) throws IOException {
    socket.setSoTimeout(20_000);
    byte[] all = new byte[0];
    byte[] buffer = new byte[1024];
    try {
      InputStream in = socket.getInputStream();
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        all = Arrays.copyOf(all, all.length + count);
        System.arraycopy(buffer, 0, all, all.length - count, count);
      }
    } catch (SocketException reset) {
      // cut is cut
    }
    return new String(all, StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
