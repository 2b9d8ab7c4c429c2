package io.volant.fledge.oci;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** What a user has proved to be with {@code docker login}. Never printed. */
sealed interface Login {
  /** Name and password. */
  record Password(String user, String secret) implements Login {
    /** The header that proves it. */
    String header() {
      byte[] both = (user + ":" + secret).getBytes(StandardCharsets.UTF_8);
      return "Basic " + Base64.getEncoder().encodeToString(both);
    }

    @Override
    public String toString() {
      return "a password";
    }
  }

  /** A token that gives tokens. */
  record IdentityToken(String token) implements Login {
    @Override
    public String toString() {
      return "an identity token";
    }
  }
}
