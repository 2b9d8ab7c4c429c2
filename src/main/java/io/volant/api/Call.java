package io.volant.api;

import io.volant.model.Asker;
import java.util.Map;
import java.util.Objects;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/**
 * A request that was let in and belongs to an endpoint.
 *
 * @param request as it came
 * @param path the values of the names in the endpoint's template, decoded, except for {@code path}
 * @param asker who asks, under which request id
 */
record Call(HttpRequest request, Map<String, String> path, Asker asker) {

  /** The value of a name in the template. */
  String path(String name) {
    return Objects.requireNonNull(path.get(name), name);
  }

  /** The query, to be read with its mistakes collected. */
  QueryReader query() {
    return QueryReader.of(request);
  }
}
