package io.volant.adapter.linux;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.Done;

/** One change to the host that takes its time, as a stage. */
final class HostChange {

  private HostChange() {}

  /** What is done; it may wait, and fail. */
  @FunctionalInterface
  interface Action {
    void run() throws IOException, InterruptedException;
  }

  /** Runs the action elsewhere; its failure gets {@code failureText} in front of its message. */
  static CompletionStage<Done> run(Executor blocking, String failureText, Action action) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            action.run();
            return Done.getInstance();
          } catch (IOException | IllegalArgumentException e) {
            throw new HostNetworkException(failureText + ": " + e.getMessage(), e);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HostNetworkException(failureText + ": the daemon is stopping", e);
          }
        },
        blocking);
  }
}
