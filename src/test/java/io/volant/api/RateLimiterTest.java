package io.volant.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimiterTest {

  private static final long SECOND = 1_000_000_000L;

  private final AtomicLong now = new AtomicLong(-5 * SECOND);

  @Test
  void a_burst_goes_through_and_then_one_call_for_each_token() {
    RateLimiter limiter = new RateLimiter(new ApiSettings.Rate(2, 3), now::get);
    for (int call = 0; call < 3; call++) {
      assertThat(limiter.secondsToWait("ada")).isZero();
    }
    assertThat(limiter.secondsToWait("ada")).isEqualTo(1);
    assertThat(limiter.secondsToWait("bob")).as("another client").isZero();
    now.addAndGet(SECOND / 2);
    assertThat(limiter.secondsToWait("ada")).isZero();
    assertThat(limiter.secondsToWait("ada")).isEqualTo(1);
    now.addAndGet(100 * SECOND);
    for (int call = 0; call < 3; call++) {
      assertThat(limiter.secondsToWait("ada")).isZero();
    }
    assertThat(limiter.secondsToWait("ada")).as("no more than a burst is saved").isEqualTo(1);
  }

  @Test
  void a_rate_of_none_limits_nothing() {
    RateLimiter limiter = new RateLimiter(new ApiSettings.Rate(0, 1), now::get);
    for (int call = 0; call < 100; call++) {
      assertThat(limiter.secondsToWait("ada")).isZero();
    }
  }
}
