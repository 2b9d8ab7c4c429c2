package io.volant.fledge.oci;

import io.volant.fledge.report.BuildFailure;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What proves to a registry that its image may be read. Safe for several threads. */
final class RegistryLogin {
  private static final int ANSWER_BYTES_MAX = 1024 * 1024;
  private static final int STATUS_OK = 200;
  private static final int SERVER_FAILED = 500;
  private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7E]+");

  private final RegistryName name;
  private final Logins logins;
  private final RegistryHttp http;
  private @Nullable String current;

  RegistryLogin(RegistryName name, Logins logins, RegistryHttp http) {
    this.name = name;
    this.logins = logins;
    this.http = http;
  }

  /** The header to send; null: none yet. */
  synchronized @Nullable String current() {
    return current;
  }

  /**
   * A header for a registry that wants one.
   *
   * @param headers what it says it wants
   * @param refused what it was given, which was not enough
   */
  synchronized String answer(List<String> headers, @Nullable String refused) throws IOException {
    if (current != null && !Objects.equals(current, refused)) {
      return current; // another thread was first
    }
    Login login = login();
    String answer =
        switch (Challenge.of(headers)) {
          case null -> throw new RegistryRefusalException(name.host() + " wants an unknown login");
          case Challenge.Basic _ -> basic(login, refused != null);
          case Challenge.Bearer bearer -> "Bearer " + token(bearer, login);
        };
    current = answer;
    return answer;
  }

  private @Nullable Login login() throws RegistryRefusalException {
    try {
      return logins.find(name);
    } catch (BuildFailure failure) {
      throw new RegistryRefusalException(String.valueOf(failure.getMessage()));
    }
  }

  private String basic(@Nullable Login login, boolean wasRefused) throws IOException {
    if (login instanceof Login.Password password && !wasRefused) {
      return password.header();
    }
    throw refusal(login);
  }

  /** What to tell a user whom the registry does not let in. */
  RegistryRefusalException refusal(@Nullable Login login) {
    String host = name.registry();
    return new RegistryRefusalException(
        login == null
            ? host + " wants a login; log in with: docker login " + host + " (or podman login)"
            : host + " does not accept " + login + " in the login file; log in again");
  }

  /** The same, with the login that there is. */
  RegistryRefusalException refusal() throws RegistryRefusalException {
    return refusal(login());
  }

  private String token(Challenge.Bearer bearer, @Nullable Login login) throws IOException {
    String scope =
        bearer.scope() == null ? "repository:" + name.repository() + ":pull" : bearer.scope();
    Map<String, String> fields = new LinkedHashMap<>();
    if (bearer.service() != null) {
      fields.put("service", bearer.service());
    }
    fields.put("scope", scope);
    try (BodyStream body = tokenAnswer(bearer.realm(), fields, login)) {
      return tokenIn(body.readNBytes(ANSWER_BYTES_MAX));
    }
  }

  private BodyStream tokenAnswer(String realm, Map<String, String> fields, @Nullable Login login)
      throws IOException {
    URI server = address(realm);
    HttpResponse<BodyStream> response =
        switch (login) {
          case Login.IdentityToken(var token) -> {
            fields.put("grant_type", "refresh_token");
            fields.put("client_id", "fledge");
            fields.put("refresh_token", token);
            yield http.post(server, form(fields));
          }
          case Login.Password password ->
              http.get(query(server, fields), Map.of(), password.header());
          case null -> http.get(query(server, fields), Map.of(), null);
        };
    int status = response.statusCode();
    if (status == STATUS_OK) {
      return response.body();
    }
    response.body().close();
    if (status >= SERVER_FAILED) {
      throw new IOException(server.getHost() + ", which gives tokens, answered " + status);
    }
    throw refusal(login);
  }

  private static URI address(String text) throws RegistryRefusalException {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException broken) {
      throw new RegistryRefusalException("it wants a token from a broken address");
    }
  }

  private static URI query(URI server, Map<String, String> fields) throws RegistryRefusalException {
    return address(server + (server.getRawQuery() == null ? "?" : "&") + form(fields));
  }

  private static String form(Map<String, String> fields) {
    return fields.entrySet().stream()
        .map(field ->
            field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  private String tokenIn(byte[] answer) throws RegistryRefusalException {
    try {
      Fields fields = Fields.parse(answer, "the token for " + name.registry());
      String token = fields.text("token");
      if (token == null || token.isEmpty()) {
        token = fields.requiredText("access_token");
      }
      if (!TOKEN.matcher(token).matches()) {
        throw fields.mistake("is not a token");
      }
      return token;
    } catch (BuildFailure failure) {
      throw new RegistryRefusalException(String.valueOf(failure.getMessage()));
    }
  }
}
