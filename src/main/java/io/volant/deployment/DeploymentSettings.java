package io.volant.deployment;

/**
 * How deployments go about it.
 *
 * @param parallel how many replicas come up at once at most
 * @param maxUnavailable how many may be away during an update, where a deployment says nothing else
 * @param healthyTimeoutMs how long a replica may take to become healthy before a rollout fails
 * @param failuresMax how often in a row it may fail before a rollout does
 * @param retryMinMs pause after the first failure in a row
 * @param retryMaxMs the longest pause; it doubles in between
 * @param steadyMs how long it must be healthy until earlier failures count no more
 */
public record DeploymentSettings(
    int parallel,
    int maxUnavailable,
    long healthyTimeoutMs,
    int failuresMax,
    long retryMinMs,
    long retryMaxMs,
    long steadyMs) {

  /**
   * The pause after the {@code failures}-th failure in a row: doubled each time, and up to a
   * quarter longer, so that many that failed together do not come back together.
   *
   * @param chance 0 up to 1
   */
  long pauseMs(int failures, double chance) {
    int doublings = Math.clamp(failures - 1L, 0, 30);
    long pause = Math.min(retryMaxMs, retryMinMs << doublings);
    return Math.min(retryMaxMs, pause + (long) (chance * pause / 4));
  }
}
