package io.volant.cli.http;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * A path with a query, each part encoded, so that a name with a slash or a blank reaches the daemon
 * as one name.
 *
 * @param text what follows host and port, such as {@code /api/v1/vms/web-1?wait=healthy}
 */
public record ApiPath(String text) {

  /** {@code /api/v1} and these segments. */
  public static ApiPath of(String... segments) {
    StringBuilder path = new StringBuilder("/api/v1");
    for (String segment : segments) {
      path.append('/').append(encode(segment));
    }
    return new ApiPath(path.toString());
  }

  /** The same path with one more parameter. */
  public ApiPath with(String name, Object value) {
    String joint = text.indexOf('?') < 0 ? "?" : "&";
    return new ApiPath(text + joint + encode(name) + "=" + encode(value.toString()));
  }

  /** The same path with what follows it, which is encoded already. */
  public ApiPath then(String encoded) {
    return new ApiPath(text + encoded);
  }

  /** A part of a path, or of a query, so that it stays one. */
  public static String encode(String part) {
    String encoded = URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    // A segment of dots only would be taken for "this folder" or "the folder above".
    return encoded.equals(".") || encoded.equals("..") ? encoded.replace(".", "%2E") : encoded;
  }
}
