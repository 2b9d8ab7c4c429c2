package io.volant.fledge.oci;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who is told what the user has proved to be, and who is not. */
class RegistryLoginTest extends AgainstFakeRegistry {
  @Test
  void the_password_goes_to_no_other_host() throws Exception {
    logins = logins("user", "secret");
    List<String> elsewhere = new java.util.concurrent.CopyOnWriteArrayList<>();
    try (FakeRegistry storage = new FakeRegistry(image)) {
      storage.fault =
          exchange -> {
            elsewhere.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            return false;
          };
      registry.fault =
          exchange -> {
            if (exchange.getRequestHeaders().getFirst("Authorization") == null) {
              return asks(exchange, "Basic realm=\"x\"");
            }
            return isLayer(exchange)
                && leads(exchange, "http://" + storage.address + exchange.getRequestURI());
          };
      fetch();
    }
    assertThat(elsewhere).containsExactly("null");
  }

  @Test
  void plain_text_to_another_machine_is_refused() {
    for (String place :
        List.of("http://example.com/x", "ftp://127.0.0.1/x", "file:///etc/passwd")) {
      registry.fault = exchange -> isLayer(exchange) && leads(exchange, place);
      refused("only https is allowed");
    }
    registry.fault = exchange -> asks(exchange, "Bearer realm=\"http://example.com/t\"");
    refused("only https is allowed");
  }

  @Test
  void a_token_is_fetched_once_and_for_the_right_scope() throws Exception {
    logins = logins("user", "secret");
    List<String> logged = new java.util.concurrent.CopyOnWriteArrayList<>();
    registry.fault =
        exchange -> {
          String authorization = exchange.getRequestHeaders().getFirst("Authorization");
          if (exchange.getRequestURI().getPath().equals("/token")) {
            logged.add(authorization + " " + exchange.getRequestURI().getQuery());
            return sends(exchange, "{\"token\":\"t0k\"}");
          }
          return !"Bearer t0k".equals(authorization)
              && asks(
                  exchange,
                  "Bearer realm=\"http://"
                      + registry.address
                      + "/token\",service=\"s,1\",scope=\"repository:app:pull\"");
        };
    fetch();
    String basic =
        Base64.getEncoder().encodeToString("user:secret".getBytes(StandardCharsets.UTF_8));
    assertThat(logged).containsExactly("Basic " + basic + " service=s,1&scope=repository:app:pull");
  }

  @Test
  void a_token_that_is_none_is_refused() {
    for (String answer : List.of("{}", "[]", "{\"token\":\"a\\nb\"}", "{\"token\":7}", "x")) {
      registry.fault =
          exchange ->
              exchange.getRequestURI().getPath().equals("/token")
                  ? sends(exchange, answer)
                  : asks(exchange, "Bearer realm=\"http://" + registry.address + "/token\"");
      refused("the token for " + registry.address);
    }
    registry.fault = exchange -> asks(exchange, "Negotiate");
    refused("wants an unknown login");
  }

  private Logins logins(String user, String secret) throws IOException {
    String both = user + ":" + secret;
    String auth = Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8));
    String text = "{\"auths\":{\"" + registry.address + "\":{\"auth\":\"" + auth + "\"}}}";
    return new Logins(List.of(Files.writeString(folder.resolve("logins.json"), text)));
  }
}
