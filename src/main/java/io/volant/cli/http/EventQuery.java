package io.volant.cli.http;

/**
 * Which events are wanted.
 *
 * @param types {@code lifecycle} or {@code all}
 * @param after events after this id: {@code 0} is the beginning, empty means new ones only
 * @param follow whether to go on with new events after those that are there
 */
public record EventQuery(String types, String after, boolean follow) {

  ApiPath path(String lastId) {
    ApiPath path = ApiPath.of("events", "vms").with("types", types);
    path = follow ? path : path.with("follow", "false");
    // After a break Last-Event-ID says the same, more exactly.
    return after.isEmpty() || !lastId.isEmpty() ? path : path.with("after", after);
  }
}
