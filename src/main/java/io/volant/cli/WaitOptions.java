package io.volant.cli;

import io.volant.cli.http.ApiPath;
import java.time.Duration;
import picocli.CommandLine.Option;

/** How long a command waits for the VM. */
final class WaitOptions {
  /** The daemon answers on time by its own clock; this is for the way there and back. */
  private static final Duration GRACE = Duration.ofSeconds(10);

  @Option(
      names = "--no-wait",
      negatable = true,
      description =
          "Wait until it is there (default), or come back at once; the VM goes on by itself.")
  boolean noWait;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "Wait so long at most (1 to 300, default ${DEFAULT-VALUE}).")
  int timeoutSeconds = 60;

  ApiPath addTo(ApiPath path, String goal) {
    return noWait ? path : path.with("wait", goal).with("timeout", timeoutSeconds);
  }

  Duration patience() {
    return noWait ? GRACE.multipliedBy(3) : timeout().plus(GRACE);
  }

  /** Bounded whatever was given: the daemon is the one that refuses, with a better message. */
  Duration timeout() {
    return Duration.ofSeconds(Math.clamp(timeoutSeconds, 0, 3600));
  }
}
