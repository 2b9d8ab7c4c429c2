package io.volant.fledge.oci;

import java.time.Duration;
import java.util.List;

/**
 * How long a registry is waited for.
 *
 * @param connect until a connection is there
 * @param answer until an answer begins
 * @param stall until the next bytes of an answer
 * @param pauses before each further attempt after a failure that may pass
 */
record RegistryTiming(Duration connect, Duration answer, Duration stall, List<Duration> pauses) {
  /** Patient with slow networks, and through after a few minutes at the worst. */
  static final RegistryTiming DEFAULT =
      new RegistryTiming(
          Duration.ofSeconds(15),
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          List.of(Duration.ofMillis(300), Duration.ofSeconds(1), Duration.ofSeconds(3)));
}
