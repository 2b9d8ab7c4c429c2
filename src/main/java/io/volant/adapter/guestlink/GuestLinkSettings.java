package io.volant.adapter.guestlink;

import java.time.Duration;

/**
 * How patient the links are.
 *
 * @param reconnect pauses between attempts to connect
 * @param answer how long one attempt waits for the agent's first answer; it grows from attempt to
 *     attempt, because bytes written before the agent listens may be kept or lost
 * @param penalty pauses after a guest broke the rules of the link
 * @param stale a link that says nothing for so long is connected anew; the agent speaks every 5 s
 * @param request how long a tunnel, the logs or a shutdown wait for the agent's answer; the agent
 *     itself gives a connection 5 s
 * @param linesPerSecondMax lines of events within any second, 3 or more; a guest that sends more
 *     loses its link for a penalty
 * @param streamsMax requests under way at once for one VM, the events among them
 */
public record GuestLinkSettings(
    Backoff reconnect,
    Backoff answer,
    Backoff penalty,
    Duration stale,
    Duration request,
    int linesPerSecondMax,
    int streamsMax) {

  /** What the daemon uses. */
  public static GuestLinkSettings defaults() {
    return new GuestLinkSettings(
        new Backoff(50, 1_000),
        new Backoff(500, 4_000),
        new Backoff(1_000, 60_000),
        Duration.ofSeconds(15),
        Duration.ofSeconds(10),
        50,
        32);
  }
}
