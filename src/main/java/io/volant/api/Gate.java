package io.volant.api;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.RemoteAddress;
import org.jspecify.annotations.Nullable;

/** Who is let in: by the address that a call comes from, and by the key that it carries. */
final class Gate {

  static final String KEY_HEADER = "X-Volant-API-Key";
  private static final String BEARER = "Bearer ";

  private final byte @Nullable [] key;
  private final List<Cidr> allowed;

  Gate(ApiSettings.Access access) {
    this.key = access.apiKey() == null ? null : bytes(access.apiKey());
    this.allowed = access.allowedCidrs().stream().map(Cidr::parse).toList();
  }

  /** What speaks against the address that a request comes from, if anything does. */
  Optional<Problem> checkAddress(HttpRequest request) {
    if (allowed.isEmpty()) {
      return Optional.empty();
    }
    Optional<InetAddress> from = address(request);
    if (from.isPresent() && allowed.stream().anyMatch(cidr -> cidr.contains(from.get()))) {
      return Optional.empty();
    }
    String shown = from.map(InetAddress::getHostAddress).orElse("an unknown address");
    return Optional.of(Problem.of(ErrorCode.FORBIDDEN, "calls from " + shown + " are not allowed"));
  }

  /**
   * What speaks against the key of a request, if anything does.
   *
   * @param inQuery whether the key may also stand in the query
   */
  Optional<Problem> checkKey(HttpRequest request, boolean inQuery) {
    if (key == null) {
      return Optional.empty();
    }
    Optional<String> shown =
        header(request, KEY_HEADER)
            .or(() -> bearer(request))
            .or(() -> inQuery ? request.getUri().query().get("api_key") : Optional.empty());
    if (shown.isEmpty()) {
      return Optional.of(
          Problem.of(ErrorCode.UNAUTHORIZED, "an API key is needed in the header " + KEY_HEADER));
    }
    return isKey(shown.get())
        ? Optional.empty()
        : Optional.of(Problem.of(ErrorCode.UNAUTHORIZED, "the API key is wrong"));
  }

  /** The principal of a call that was let in. */
  String principal() {
    return key == null ? "local" : "api-key";
  }

  /** Whether a header carries our own credentials, which are nobody else's business. */
  boolean isCredential(HttpHeader header) {
    return header.is("x-volant-api-key")
        || (header.is("authorization")
            && header.value().startsWith(BEARER)
            && isKey(header.value().substring(BEARER.length())));
  }

  /** Where a request comes from, if the connection says so. */
  static Optional<InetAddress> address(HttpRequest request) {
    return request.getAttribute(AttributeKeys.remoteAddress).flatMap(RemoteAddress::getAddress);
  }

  static Optional<String> header(HttpRequest request, String name) {
    return request.getHeader(name).map(HttpHeader::value);
  }

  private static Optional<String> bearer(HttpRequest request) {
    return header(request, "Authorization")
        .filter(value -> value.startsWith(BEARER))
        .map(value -> value.substring(BEARER.length()));
  }

  /** Takes the same time wherever the first difference is. */
  private boolean isKey(String shown) {
    return key != null && MessageDigest.isEqual(key, bytes(shown));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
