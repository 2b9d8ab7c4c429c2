package io.volant.fledge;

import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A URL of a recipe and the checksum that goes with it, both well-formed.
 *
 * @param url http, https or file
 * @param checksum SHA-256, 64 lower-case hexadecimal digits; null when the recipe has none
 */
record Checked(URI url, @Nullable String checksum) {
  private static final Pattern CHECKSUM = Pattern.compile("(?:sha256:)?([0-9a-fA-F]{64})");

  /** Checks both; null after a mistake. */
  static @Nullable Checked of(
      Section section, String urlKey, String url, String checksumKey, @Nullable String checksum) {
    URI address = address(url);
    if (address == null) {
      section.mistake(
          urlKey, urlKey + " must be an http(s) URL or file:// with an absolute path, was " + url);
    }
    String digits = null;
    if (checksum != null) {
      var matcher = CHECKSUM.matcher(checksum);
      if (matcher.matches()) {
        digits = matcher.group(1).toLowerCase(Locale.ROOT);
      } else {
        section.mistake(
            checksumKey, checksumKey + " must be 64 hexadecimal digits, was " + checksum);
        return null;
      }
    }
    return address == null ? null : new Checked(address, digits);
  }

  private static @Nullable URI address(String url) {
    try {
      URI address = URI.create(url);
      String scheme = address.getScheme();
      if (scheme == null) {
        return null;
      }
      return switch (scheme) {
        case "http", "https" -> address.getHost() == null ? null : address;
        case "file" -> url.startsWith("file:///") ? address : null;
        default -> null;
      };
    } catch (IllegalArgumentException broken) {
      return null;
    }
  }
}
