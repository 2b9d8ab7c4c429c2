package io.volant.cli.http;

/**
 * Which events are wanted.
 *
 * @param stream the stream that they come from, with what chooses among its events
 * @param after events after this id: {@code 0} is the beginning, empty means new ones only
 * @param follow whether to go on with new events after those that are there
 */
public record EventQuery(ApiPath stream, String after, boolean follow) {

  /**
   * What happens to VMs.
   *
   * @param types {@code lifecycle}, {@code steps}, or {@code all}, which has log lines too
   */
  public static EventQuery ofVms(String types, String after, boolean follow) {
    return new EventQuery(ApiPath.of("events", "vms").with("types", types), after, follow);
  }

  /**
   * What happens to anything.
   *
   * @param kinds kinds and types with commas in between; {@code all}: every event
   */
  public static EventQuery ofKinds(String kinds, String after, boolean follow) {
    ApiPath all = ApiPath.of("events");
    return new EventQuery(kinds.equals("all") ? all : all.with("types", kinds), after, follow);
  }

  ApiPath path(String lastId) {
    ApiPath path = follow ? stream : stream.with("follow", "false");
    // After a break Last-Event-ID says the same, more exactly.
    return after.isEmpty() || !lastId.isEmpty() ? path : path.with("after", after);
  }
}
