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
 * @param principal who calls
 * @param asker the same for what follows, under the request's id
 * @param again whether it may have been done before, by a daemon that died before it answered: what
 *     is so already is then no error
 */
record Call(
    HttpRequest request,
    Map<String, String> path,
    Principal principal,
    Asker asker,
    boolean again) {

  /** The value of a name in the template. */
  String path(String name) {
    return Objects.requireNonNull(path.get(name), name);
  }

  /** The query, to be read with its mistakes collected. */
  QueryReader query() {
    return QueryReader.of(request);
  }
}
