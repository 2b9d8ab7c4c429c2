package io.volant.vm;

import static io.volant.vm.VmSamples.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class GuestBudgetTest {

  private static final int BURST = 30;

  private final GuestBudget budget = new GuestBudget();

  @Test
  void a_burst_is_taken_at_once_and_then_one_a_second() {
    assertThat(taken(NOW, 1_000)).isEqualTo(BURST);
    assertThat(budget.hasRoom(NOW.plusMillis(999))).isFalse();
    assertThat(taken(NOW.plusMillis(1_000), 1_000)).isEqualTo(1);
    assertThat(taken(NOW.plusSeconds(4), 1_000)).isEqualTo(3);
  }

  @Test
  void a_long_silence_earns_no_more_than_a_burst() {
    assertThat(taken(NOW, 10)).isEqualTo(10);
    assertThat(taken(NOW.plus(Duration.ofDays(20_000)), 1_000)).isEqualTo(BURST);
  }

  @Test
  void asking_for_room_takes_none() {
    for (int i = 0; i < 100; i++) {
      assertThat(budget.hasRoom(NOW)).isTrue();
    }
    assertThat(taken(NOW, 1_000)).isEqualTo(BURST);
  }

  @Test
  void a_clock_that_was_set_back_does_not_silence_a_guest() {
    assertThat(taken(NOW, 1_000)).isEqualTo(BURST);
    Instant back = NOW.minus(Duration.ofHours(1));
    assertThat(taken(back, 1_000)).isZero();
    assertThat(taken(back.plusSeconds(1), 1_000)).isEqualTo(1);
  }

  @Test
  void the_latest_of_each_kind_is_kept() {
    budget.defer(started(1));
    budget.defer(health(Health.UNHEALTHY));
    budget.defer(started(2));
    budget.defer(health(Health.HEALTHY));
    assertThat(budget.takeDeferred()).isEqualTo(started(2));
    assertThat(budget.takeDeferred()).isEqualTo(health(Health.HEALTHY));
    assertThat(budget.hasDeferred()).isFalse();
  }

  @Test
  void what_was_kept_comes_in_the_order_in_which_it_was_said_last() {
    budget.defer(started(1));
    budget.defer(health(Health.UNHEALTHY));
    budget.defer(started(2));
    assertThat(budget.takeDeferred()).isEqualTo(health(Health.UNHEALTHY));
    assertThat(budget.takeDeferred()).isEqualTo(started(2));
  }

  @Test
  void what_is_not_true_any_more_is_forgotten() {
    budget.defer(started(1));
    budget.defer(health(Health.UNHEALTHY));
    budget.forget(health(Health.HEALTHY));
    assertThat(budget.takeDeferred()).isEqualTo(started(1));
    assertThat(budget.hasDeferred()).isFalse();
    budget.defer(started(2));
    budget.forgetAll();
    assertThat(budget.hasDeferred()).isFalse();
  }

  private int taken(Instant now, int attempts) {
    int taken = 0;
    for (int i = 0; i < attempts; i++) {
      taken += budget.take(now) ? 1 : 0;
    }
    return taken;
  }

  private static GuestSignal started(int run) {
    return new GuestSignal.WorkloadStarted(run, 42, 80);
  }

  private static GuestSignal health(Health health) {
    return new GuestSignal.HealthChanged(health, null);
  }
}
