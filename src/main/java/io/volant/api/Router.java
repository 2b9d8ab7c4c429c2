package io.volant.api;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.pekko.http.javadsl.model.HttpMethod;
import org.jspecify.annotations.Nullable;

/**
 * Finds the endpoint of a request. A table rather than nested directives: so what there is can be
 * compared with the API's description, and a wrong method can name the right ones.
 */
final class Router {

  private static final String REST = "{path}";

  /** Clients of the original may look for these under the prefix of all others. */
  static final Map<String, String> OTHER_NAMES =
      Map.of("/api/v1/healthz", "/healthz", "/api/v1/openapi", "/openapi", "/api/v1/mcp", "/mcp");

  /** What a request leads to. */
  sealed interface Match {

    /** To this endpoint, with these values. */
    record Found(Endpoint endpoint, Map<String, String> path) implements Match {}

    /** To a place that has other methods. */
    record WrongMethod(String allowed) implements Match {}

    /** To nothing. */
    record Nothing() implements Match {}
  }

  private static final class Node {
    private final Map<String, Node> fixed = new HashMap<>();
    private final Map<HttpMethod, Endpoint> endpoints = new LinkedHashMap<>();
    private @Nullable Node any;
    private @Nullable Node rest;
    private String name = "";
  }

  private final Node root = new Node();

  Router(List<Endpoint> endpoints) {
    endpoints.forEach(this::add);
  }

  /** The endpoint for a method and the raw path of a request. */
  Match find(HttpMethod method, String rawPath) {
    Map<String, String> values = new HashMap<>();
    Node node = find(OTHER_NAMES.getOrDefault(rawPath, rawPath), values);
    if (node == null || node.endpoints.isEmpty()) {
      return new Match.Nothing();
    }
    Endpoint endpoint = node.endpoints.get(method);
    if (endpoint != null) {
      return new Match.Found(endpoint, values);
    }
    TreeSet<String> allowed = new TreeSet<>();
    node.endpoints.keySet().forEach(each -> allowed.add(each.value()));
    return new Match.WrongMethod(String.join(", ", allowed));
  }

  private @Nullable Node find(String rawPath, Map<String, String> values) {
    Node node = root;
    int from = 1;
    while (from <= rawPath.length()) {
      int slash = rawPath.indexOf('/', from);
      int to = slash < 0 ? rawPath.length() : slash;
      String part = rawPath.substring(from, to);
      Node next = node.fixed.get(part);
      if (next == null && node.any != null && !part.isEmpty()) {
        next = node.any;
        values.put(next.name, decoded(part));
      }
      if (next == null) {
        return restOf(node, rawPath.substring(from), values);
      }
      node = next;
      from = to + 1;
    }
    return node.endpoints.isEmpty() ? restOf(node, "", values) : node;
  }

  private static @Nullable Node restOf(Node node, String rest, Map<String, String> values) {
    if (node.rest != null) {
      values.put("path", rest);
    }
    return node.rest;
  }

  private static String decoded(String part) {
    if (part.indexOf('%') < 0) {
      return part;
    }
    try {
      return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException broken) {
      throw Problem.ofField("path", "has a broken percent sign").asException();
    }
  }

  private void add(Endpoint endpoint) {
    Node node = root;
    for (String part : parts(endpoint.template())) {
      node = child(node, part);
    }
    if (node.endpoints.put(endpoint.method(), endpoint) != null) {
      throw new IllegalArgumentException("twice: " + endpoint.method() + endpoint.template());
    }
  }

  private static List<String> parts(String template) {
    return new ArrayList<>(List.of(template.substring(1).split("/", -1)));
  }

  private static Node child(Node node, String part) {
    if (part.equals(REST)) {
      node.rest = node.rest == null ? new Node() : node.rest;
      return node.rest;
    }
    if (!part.startsWith("{")) {
      return node.fixed.computeIfAbsent(part, _ -> new Node());
    }
    String name = part.substring(1, part.length() - 1);
    Node any = node.any == null ? new Node() : node.any;
    if (!any.name.isEmpty() && !any.name.equals(name)) {
      throw new IllegalArgumentException("two names in one place: " + any.name + ", " + name);
    }
    any.name = name;
    node.any = any;
    return any;
  }
}
