package io.volant.fledge.oci;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How a registry wants its users to prove who they are. */
sealed interface Challenge {
  /** With name and password in every request. */
  record Basic() implements Challenge {}

  /**
   * With a token from somewhere.
   *
   * @param realm where, an URL
   * @param service what for, in the registry's words; null: it does not say
   * @param scope what it must allow; null: it does not say
   */
  record Bearer(String realm, @Nullable String service, @Nullable String scope)
      implements Challenge {}

  /** {@code name=value} or {@code name="value"}. */
  Pattern PARAMETER =
      Pattern.compile("([A-Za-z0-9_-]{1,40})\\s{0,5}=\\s{0,5}(?:\"([^\"]*)\"|([^\\s,\"]*))");

  /** What one of the headers asks for, a token rather than a password; null: nothing known. */
  static @Nullable Challenge of(List<String> headers) {
    Challenge found = null;
    for (String header : headers) {
      String[] words = header.strip().split("\\s+", 2);
      String scheme = words[0].toLowerCase(Locale.ROOT);
      if (scheme.equals("bearer") && words.length == 2) {
        Map<String, String> parameters = parameters(words[1]);
        String realm = parameters.get("realm");
        if (realm != null) {
          return new Bearer(realm, parameters.get("service"), parameters.get("scope"));
        }
      }
      if (scheme.equals("basic")) {
        found = new Basic();
      }
    }
    return found;
  }

  private static Map<String, String> parameters(String text) {
    Map<String, String> parameters = new HashMap<>();
    Matcher matcher = PARAMETER.matcher(text);
    while (matcher.find()) {
      String quoted = matcher.group(2);
      parameters.put(
          matcher.group(1).toLowerCase(Locale.ROOT), quoted == null ? matcher.group(3) : quoted);
    }
    return parameters;
  }
}
