package io.volant.api;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which VMs a client wants to see, in which order.
 *
 * @param statuses only these; empty: all
 * @param text part of name, address or runtime, in lower case
 * @param limit at most so many
 * @param offset leave out so many at the beginning
 */
record VmQuery(
    Set<String> statuses,
    Optional<String> runtime,
    Optional<String> plugin,
    Optional<String> text,
    Order order,
    int limit,
    int offset) {

  static final int LIMIT_MAX = 10_000;
  private static final int TEXT_MAX = 200;

  /** What VMs are ordered by; where that is equal, by id. */
  enum Key {
    CREATED_AT,
    UPDATED_AT,
    NAME,
    STATUS,
    RUNTIME;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** By what, and which way. */
  record Order(Key key, boolean descending) {}

  VmQuery {
    statuses = Set.copyOf(statuses);
  }

  static VmQuery of(QueryReader query) {
    List<String> statuses = query.list("status");
    for (String status : statuses) {
      if (Stream.of(VmStatus.values()).noneMatch(each -> each.text().equals(status))) {
        query.problem("status", "must be states of a VM" + QueryReader.was(status));
      }
    }
    List<String> keys = Stream.of(Key.values()).map(Key::text).toList();
    Key key =
        query
            .choice("sort", keys)
            .map(name -> Key.valueOf(name.toUpperCase(Locale.ROOT)))
            .orElse(Key.CREATED_AT);
    boolean descending =
        query.choice("order", List.of("asc", "desc")).map(way -> way.equals("desc")).orElse(false);
    VmQuery all =
        new VmQuery(
            Set.copyOf(statuses),
            query.text("runtime", TEXT_MAX),
            query.text("plugin", TEXT_MAX),
            query.text("q", TEXT_MAX).map(text -> text.toLowerCase(Locale.ROOT)),
            new Order(key, descending),
            (int) query.number("limit", 1, LIMIT_MAX, Integer.MAX_VALUE),
            (int) query.number("offset", 0, Integer.MAX_VALUE, 0));
    query.check();
    return all;
  }

  /** Whether it wants every VM that is in one of its states. */
  boolean wantsAllOfItsStates() {
    return runtime.isEmpty() && plugin.isEmpty() && text.isEmpty();
  }
}
