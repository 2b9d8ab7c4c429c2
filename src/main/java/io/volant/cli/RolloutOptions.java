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

  /** The same for one VM, for which the daemon waits 300 seconds at most. */
  WaitOptions ofVm() {
    WaitOptions options = new WaitOptions();
    options.noWait = noWait;
    options.timeoutSeconds = Math.clamp(timeoutSeconds, 1, 300);
    return options;
  }

  Duration timeout() {
    return Duration.ofSeconds(Math.clamp(timeoutSeconds, 0, 86_400));
  }
}
