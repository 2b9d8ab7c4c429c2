package io.volant.cli.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Reads the body of an error, {@code {error, code, details}}, into one line. */
final class ErrorBody {
  private static final int EXCERPT_CHARS = 200;

  private ErrorBody() {}

  static ApiFailure.Refused refusal(int status, byte[] body) {
    try {
      JsonNode json = Json.parse(body);
      if (json.path("error").isTextual()) {
        return new ApiFailure.Refused(status, json.path("code").asText(""), line(json));
      }
    } catch (IOException notJson) {
      // Something between us and the daemon answered; what it says is shown below.
    }
    String excerpt = new String(body, StandardCharsets.UTF_8).strip().replaceAll("\\s+", " ");
    if (excerpt.length() > EXCERPT_CHARS) {
      excerpt = excerpt.substring(0, EXCERPT_CHARS) + "…";
    }
    String what = excerpt.isEmpty() ? "" : ": " + excerpt;
    return new ApiFailure.Refused(status, "", "the answer was HTTP " + status + what);
  }

  private static String line(JsonNode json) {
    StringBuilder line = new StringBuilder(json.path("error").asText());
    for (JsonNode detail : json.path("details")) {
      String field = detail.path("field").asText("");
      // With one detail the error often says it all already.
      if (!field.isEmpty() && line.indexOf(field) < 0) {
        line.append("; ").append(field).append(": ").append(detail.path("message").asText(""));
      }
    }
    return line.toString().replaceAll("\\R", " ");
  }
}
