package io.volant.cli.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/**
 * JSON as a tree. {@code volar} binds no classes: that would cost start-up time and hide fields of
 * a newer daemon.
 */
public final class Json {
  private static final JsonMapper MAPPER = new JsonMapper();

  private Json() {}

  /**
   * Parses a document.
   *
   * @throws IOException if it is not JSON; the message is one line that says where
   */
  public static JsonNode parse(byte[] bytes) throws IOException {
    try {
      return MAPPER.readTree(bytes);
    } catch (JsonProcessingException malformed) {
      throw new IOException(explain(malformed), malformed);
    }
  }

  /** Parses one line of a stream. */
  public static JsonNode parse(String line) throws IOException {
    try {
      return MAPPER.readTree(line);
    } catch (JsonProcessingException malformed) {
      throw new IOException(explain(malformed), malformed);
    }
  }

  private static String explain(JsonProcessingException malformed) {
    var at = malformed.getLocation();
    String where =
        at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
    return "not JSON: " + malformed.getOriginalMessage().lines().findFirst().orElse("") + where;
  }
}
