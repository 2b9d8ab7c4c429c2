package io.volant.cli.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;

/**
 * A good answer.
 *
 * @param body the JSON, or a missing node where there was no body
 * @param headers by their names in lower case
 */
public record ApiAnswer(JsonNode body, Map<String, String> headers) {

  public ApiAnswer {
    headers = Map.copyOf(headers);
  }

  /** The value of a header, whatever the case of its name. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name.toLowerCase(java.util.Locale.ROOT)));
  }
}
