package io.volant.cli;

import java.time.Duration;
import picocli.CommandLine.Option;

/** How long a command waits for a deployment. */
final class RolloutOptions {

  @Option(
      names = "--no-wait",
      negatable = true,
      description =
          "Wait until all is there (default), or come back at once; it goes on by itself.")
  boolean noWait;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "Wait so long at most (default ${DEFAULT-VALUE}).")
  int timeoutSeconds = 300;

  Duration timeout() {
    return Duration.ofSeconds(Math.clamp(timeoutSeconds, 0, 86_400));
  }
}
