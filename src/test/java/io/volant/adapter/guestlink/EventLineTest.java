package io.volant.adapter.guestlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.volant.vm.GuestLogLine;
import io.volant.vm.GuestSignal;
import io.volant.vm.Health;
import java.time.Duration;
import java.util.SplittableRandom;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventLineTest {

  @Test
  void the_lines_of_the_protocol_become_signals() {
    assertThat(
            EventLine.parse(
                bytes(
                    "{\"type\":\"workload\",\"state\":\"exited\",\"uptime_ms\":9120,"
                        + "\"pid\":42,\"attempt\":1,\"signal\":11,\"restart_in_ms\":400}")))
        .contains(new GuestSignal.WorkloadExited(1, null, 11, 400, 9120));
    assertThat(
            EventLine.parse(
                bytes("{\"type\":\"health\",\"state\":\"unhealthy\",\"detail\":\"HTTP 503\"}")))
        .contains(new GuestSignal.HealthChanged(Health.UNHEALTHY, "HTTP 503"));
    assertThat(EventLine.parse(bytes("{\"type\":\"ready\",\"uptime_ms\":812,\"version\":\"1\"}")))
        .contains(new GuestSignal.Ready(812, 0, "1", java.util.List.of()));
    assertThat(EventLine.parse(bytes("{\"type\":\"later\"}"))).isEmpty();
    assertThat(
            LogLine.parse(
                bytes("{\"seq\":12,\"uptime_ms\":840,\"stream\":\"stdout\",\"line\":\"a\"}")))
        .isEqualTo(new GuestLogLine(12, 840, "stdout", "a"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "12",
        "{\"type\":\"stats\"} {}",
        "{\"type\":7}",
        "{\"type\":\"a\",\"type\":\"b\"}",
        "{\"type\":\"stats\",\"uptime_ms\":-1}",
        "{\"type\":\"stats\",\"uptime_ms\":1e400}",
        "{\"type\":\"stats\",\"uptime_ms\":9007199254740993}",
        "{\"type\":\"stats\",\"uptime_ms\":123456789012345678901234567890}",
        "{\"type\":\"workload\",\"state\":\"started\",\"attempt\":4294967296}",
        "{\"x\":[[[[[[[[[[1]]]]]]]]]]}",
        "{\"type\":\"health\",\"detail\":{}}"
      })
  void a_line_that_breaks_the_rules_is_told_apart(String line) {
    assertThatThrownBy(() -> EventLine.parse(bytes(line))).isInstanceOf(BrokenRules.class);
  }

  @Test
  void random_bytes_give_a_signal_or_broken_rules_and_nothing_else() {
    long seed = 20_261_123;
    SplittableRandom random = new SplittableRandom(seed);
    byte[] line =
        "{\"type\":\"stats\",\"uptime_ms\":5,\"mem_total_kib\":9}"
            .getBytes(java.nio.charset.StandardCharsets.UTF_8);
    int broken = 0;
    for (int round = 0; round < 20_000; round++) {
      byte[] mutated = line.clone();
      mutated[random.nextInt(mutated.length)] = (byte) random.nextInt(256);
      try {
        assertThat(EventLine.parse(ByteString.fromArrayUnsafe(mutated))).isNotNull();
      } catch (BrokenRules expected) {
        broken++;
      }
    }
    assertThat(broken).as("seed %d", seed).isBetween(5_000, 20_000);
  }

  @Test
  void the_rate_holds_over_any_second() {
    LineRate rate = new LineRate(3);
    assertThat(rate.count(0)).isTrue();
    assertThat(rate.count(900_000_000)).isTrue();
    assertThat(rate.count(950_000_000)).isTrue();
    assertThat(rate.count(990_000_000)).isFalse();
    assertThat(rate.count(1_900_000_000)).isTrue();
    assertThat(rate.count(1_940_000_000)).isFalse();
  }

  @Test
  void pauses_double_up_to_the_longest() {
    Backoff backoff = new Backoff(50, 1_000);
    assertThat(backoff.after(1)).isEqualTo(Duration.ofMillis(50));
    assertThat(backoff.after(3)).isEqualTo(Duration.ofMillis(200));
    assertThat(backoff.after(1_000_000)).isEqualTo(Duration.ofSeconds(1));
    assertThatThrownBy(() -> new Backoff(0, 1)).hasMessageContaining("not from 0 to 1 ms");
  }

  private static ByteString bytes(String text) {
    return ByteString.fromString(text);
  }
}
