package io.volant.api;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.util.ByteString;

/** Builds answers. */
final class Answers {

  private static final int BUFFER_BYTES = 1_024;

  /** Writes one JSON value. */
  @FunctionalInterface
  interface JsonWriting {
    void to(JsonGenerator json) throws IOException;
  }

  private Answers() {}

  static HttpResponse ok(JsonWriting writing) {
    return json(200, writing);
  }

  static HttpResponse json(int status, JsonWriting writing) {
    return json(status, bytes(writing));
  }

  /** An answer of finished JSON; the array must not change any more. */
  static HttpResponse json(int status, byte[] json) {
    return HttpResponse.create()
        .withStatus(status)
        .withEntity(
            HttpEntities.create(ContentTypes.APPLICATION_JSON, ByteString.fromArrayUnsafe(json)));
  }

  static HttpResponse nothing() {
    return HttpResponse.create().withStatus(204);
  }

  /** The JSON in UTF-8. */
  static byte[] bytes(JsonWriting writing) {
    ByteArrayBuilder bytes = new ByteArrayBuilder(BUFFER_BYTES);
    try (JsonGenerator json = JsonBody.MAPPER.createGenerator(bytes)) {
      writing.to(json);
    } catch (IOException impossible) { // nothing is written but to memory
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }
}
