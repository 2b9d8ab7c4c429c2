package io.volant.api;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.stream.KillSwitch;

/**
 * What a workload has answered waits for its client to be used. One that has left meanwhile never
 * does, and a guest has few tunnels.
 */
final class Claim {

  private final AtomicBoolean made = new AtomicBoolean();

  private Claim() {}

  /** Ends what waits unless it is claimed within this time. */
  static Claim within(Duration patience, KillSwitch waiting) {
    Claim claim = new Claim();
    CompletableFuture.delayedExecutor(patience.toMillis(), TimeUnit.MILLISECONDS)
        .execute(() -> {
          if (!claim.made.get()) {
            waiting.abort(new TimeoutException());
          }
        });
    return claim;
  }

  /** It is used from now on. */
  void make() {
    made.set(true);
  }
}
