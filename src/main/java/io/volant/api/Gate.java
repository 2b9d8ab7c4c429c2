package io.volant.api;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.RemoteAddress;
import org.jspecify.annotations.Nullable;

/**
 * Who is let in: by the address that a call comes from, by the key that it carries, or by the user
 * at the other end of a unix socket; and who may do what.
 */
final class Gate {

  static final String KEY_HEADER = "X-Volant-API-Key";
  static final String KEY_IN_QUERY = "api_key";
  private static final String BEARER = "Bearer ";

  private final List<ApiKey> keys;
  private final List<Cidr> allowed;

  Gate(ApiSettings.Access access) {
    this.keys = access.keys();
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
   * Who calls, or a {@link ProblemException} for somebody unknown. A key that is shown counts, also
   * on a unix socket: so an administrator can act as less, and under another name.
   *
   * @param local who is at the other end of the unix socket; null: it came over the network
   * @param inQuery whether the key may also stand in the query
   */
  Principal identify(HttpRequest request, @Nullable LocalUser local, boolean inQuery) {
    if (keys.isEmpty()) {
      return local == null ? Principal.LOCAL : trusted(local);
    }
    Optional<String> shown = shownKey(request, inQuery);
    if (shown.isEmpty()) {
      if (local != null && local.trusted()) {
        return trusted(local);
      }
      throw Problem.of(ErrorCode.UNAUTHORIZED, "an API key is needed in the header " + KEY_HEADER)
          .asException();
    }
    return holder(shown.get())
        .orElseThrow(
            () -> Problem.of(ErrorCode.UNAUTHORIZED, "the API key is wrong").asException());
  }

  /** What speaks against this principal doing what needs a role, if anything does. */
  static Optional<Problem> checkRole(Principal principal, Role needed) {
    return principal.role().covers(needed)
        ? Optional.empty()
        : Optional.of(
            Problem.of(
                ErrorCode.FORBIDDEN,
                "this needs the role "
                    + needed.text()
                    + "; '"
                    + principal.name()
                    + "' is only "
                    + principal.role().text()));
  }

  /** Whether a header carries our own credentials, which are nobody else's business. */
  boolean isCredential(HttpHeader header) {
    return header.is("x-volant-api-key")
        || (header.is("authorization")
            && header.value().startsWith(BEARER)
            && isKey(header.value().substring(BEARER.length())));
  }

  /** Whether a text is one of our keys. */
  boolean isKey(String text) {
    return holder(text).isPresent();
  }

  /** Where a request comes from, if the connection says so. */
  static Optional<InetAddress> address(HttpRequest request) {
    return request.getAttribute(AttributeKeys.remoteAddress).flatMap(RemoteAddress::getAddress);
  }

  static Optional<String> header(HttpRequest request, String name) {
    return request.getHeader(name).map(HttpHeader::value);
  }

  private static Principal trusted(LocalUser local) {
    if (local.trusted()) {
      return new Principal(local.principalName(), Role.ADMIN);
    }
    throw Problem.of(
            ErrorCode.FORBIDDEN,
            "user "
                + local.principalName()
                + " may not use this socket without an API key; root and the user of volantd may")
        .asException();
  }

  private static Optional<String> shownKey(HttpRequest request, boolean inQuery) {
    return header(request, KEY_HEADER)
        .or(() -> bearer(request))
        .or(() -> inQuery ? request.getUri().query().get(KEY_IN_QUERY) : Optional.empty());
  }

  private static Optional<String> bearer(HttpRequest request) {
    return header(request, "Authorization")
        .filter(value -> value.startsWith(BEARER))
        .map(value -> value.substring(BEARER.length()));
  }

  /** Looks at every key, so that the time tells nothing. */
  private Optional<Principal> holder(String shown) {
    byte[] hash = ApiKey.hash(shown);
    Optional<Principal> found = Optional.empty();
    for (ApiKey key : keys) {
      if (key.isOf(hash)) {
        found = Optional.of(new Principal(key.name(), key.role()));
      }
    }
    return found;
  }
}
