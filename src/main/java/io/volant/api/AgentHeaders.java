package io.volant.api;

import java.net.InetAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpMessage;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.Host;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/**
 * Which headers pass between a client and a workload: all but those that belong to one connection,
 * and those that are ours.
 */
final class AgentHeaders {

  /** RFC 9110, 7.6.1, with what old clients send; the last three are set anew. */
  private static final Set<String> HOP_BY_HOP =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-connection",
          "proxy-authenticate",
          "proxy-authorization",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "expect",
          "host",
          "x-forwarded-proto",
          "x-forwarded-host");

  private static final Set<String> TYPED = Set.of("user-agent", "server", "date");
  private static final String FORWARDED_FOR = "x-forwarded-for";

  private final Gate gate;

  AgentHeaders(Gate gate) {
    this.gate = gate;
  }

  /** What the workload gets to see. */
  List<HttpHeader> toGuest(HttpRequest request, int port, String requestId) {
    List<HttpHeader> headers = passed(request, requestId);
    headers.add(Host.create("127.0.0.1", port));
    headers.add(HttpHeader.parse("Connection", "close"));
    return headers;
  }

  /** The same for a WebSocket, beside what belongs to its opening. */
  List<HttpHeader> toGuestSocket(HttpRequest request, String requestId) {
    List<HttpHeader> headers = passed(request, requestId);
    headers.removeIf(AgentHeaders::opensSocket);
    return headers;
  }

  /** The query as it came, but for a key of ours, which a WebSocket may have there. */
  Optional<String> queryToGuest(HttpRequest request) {
    return request
        .getUri()
        .rawQueryString()
        .map(query ->
            Arrays.stream(query.split("&", -1))
                .filter(part -> !isKey(part))
                .collect(Collectors.joining("&")))
        .filter(query -> !query.isEmpty());
  }

  private boolean isKey(String part) {
    try {
      String name = Gate.KEY_IN_QUERY + "=";
      String decoded = URLDecoder.decode(part, StandardCharsets.UTF_8);
      return decoded.startsWith(name) && gate.isKey(decoded.substring(name.length()));
    } catch (IllegalArgumentException broken) {
      return false; // it has opened nothing here
    }
  }

  private static boolean opensSocket(HttpHeader header) {
    return header.lowercaseName().startsWith("sec-websocket-");
  }

  private List<HttpHeader> passed(HttpRequest request, String requestId) {
    Set<String> dropped = dropped(request);
    List<HttpHeader> headers = new ArrayList<>();
    List<String> forwardedFor = new ArrayList<>();
    for (HttpHeader header : request.getHeaders()) {
      if (header.is(FORWARDED_FOR)) {
        forwardedFor.add(header.value());
      } else if (header.renderInRequests()
          && !dropped.contains(header.lowercaseName())
          && !header.is("x-request-id")
          && !gate.isCredential(header)) {
        typed(header).ifPresent(headers::add);
      }
    }
    Gate.address(request).map(InetAddress::getHostAddress).ifPresent(forwardedFor::add);
    headers.add(RawHeader.create("X-Forwarded-For", String.join(", ", forwardedFor)));
    String scheme = request.getUri().getScheme();
    headers.add(RawHeader.create("X-Forwarded-Proto", scheme.equals("https") ? "https" : "http"));
    Optional<String> host = Gate.header(request, "Host").filter(value -> !value.isEmpty());
    host.ifPresent(value -> headers.add(RawHeader.create("X-Forwarded-Host", value)));
    headers.add(RawHeader.create("X-Request-Id", requestId));
    return headers;
  }

  /** What the client gets to see. */
  List<HttpHeader> toClient(HttpResponse response) {
    Set<String> dropped = dropped(response);
    List<HttpHeader> headers = new ArrayList<>();
    for (HttpHeader header : response.getHeaders()) {
      if (header.renderInResponses()
          && !dropped.contains(header.lowercaseName())
          && !opensSocket(header)) {
        typed(header).ifPresent(headers::add);
      }
    }
    return headers;
  }

  /** Pekko passes these on only in its own form; what does not fit that is left out. */
  private static Optional<HttpHeader> typed(HttpHeader header) {
    if (!TYPED.contains(header.lowercaseName())) {
      return Optional.of(header);
    }
    try {
      HttpHeader parsed = HttpHeader.parse(header.name(), header.value());
      return parsed instanceof RawHeader ? Optional.empty() : Optional.of(parsed);
    } catch (IllegalArgumentException odd) {
      return Optional.empty();
    }
  }

  /** The names that {@code Connection} lists belong to one connection too. */
  private static Set<String> dropped(HttpMessage message) {
    Set<String> dropped = new HashSet<>(HOP_BY_HOP);
    message
        .getHeader("Connection")
        .ifPresent(connection ->
            Arrays.stream(connection.value().split(",", -1))
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .forEach(dropped::add));
    return dropped;
  }
}
