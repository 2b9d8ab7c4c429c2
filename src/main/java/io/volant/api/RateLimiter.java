package io.volant.api;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How often each client may call: a bucket of tokens a client, filled at a steady rate. The clients
 * that called last are remembered, the others begin anew with a full bucket.
 */
final class RateLimiter {

  private static final int CLIENTS_MAX = 10_000;
  private static final double SECOND_NANOS = 1e9;

  private final ApiSettings.Rate rate;
  private final LongSupplier nanoClock;
  private final Map<String, Bucket> buckets =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Bucket> eldest) {
          return size() > CLIENTS_MAX;
        }
      };

  private static final class Bucket {
    private double tokens;
    private long filledAt;

    Bucket(double tokens, long filledAt) {
      this.tokens = tokens;
      this.filledAt = filledAt;
    }
  }

  /**
   * A limiter.
   *
   * @param nanoClock a time that only grows, in nanoseconds
   */
  RateLimiter(ApiSettings.Rate rate, LongSupplier nanoClock) {
    this.rate = rate;
    this.nanoClock = nanoClock;
  }

  /**
   * Takes a token of a client.
   *
   * @return 0: go on; else after how many whole seconds there is a token again
   */
  int secondsToWait(String client) {
    if (rate.perSecond() == 0) {
      return 0;
    }
    long now = nanoClock.getAsLong();
    synchronized (buckets) {
      Bucket bucket = buckets.computeIfAbsent(client, _ -> new Bucket(rate.burst(), now));
      double gained = (now - bucket.filledAt) / SECOND_NANOS * rate.perSecond();
      bucket.tokens = Math.min(rate.burst(), bucket.tokens + Math.max(0, gained));
      bucket.filledAt = now;
      if (bucket.tokens >= 1) {
        bucket.tokens--;
        return 0;
      }
      return (int) Math.max(1, Math.ceil((1 - bucket.tokens) / rate.perSecond()));
    }
  }
}
