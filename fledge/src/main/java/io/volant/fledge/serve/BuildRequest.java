package io.volant.fledge.serve;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import io.volant.fledge.report.OneLine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /v1/build}.
 *
 * @param config the recipe
 * @param output a folder, or the image to write
 */
record BuildRequest(Path config, Path output) {
  private static final int BODY_BYTES_MAX = 64 * 1024;
  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private record Body(
      @JsonProperty("config_path") @Nullable String config,
      @JsonProperty("output_path") @Nullable String output) {}

  static BuildRequest read(HttpExchange exchange) throws IOException, Refusal {
    // Any web page may send text/plain without asking first; JSON it may not.
    String type = exchange.getRequestHeaders().getFirst("Content-Type");
    if (type == null || !type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
      throw Refusal.of(
          415, "unsupported_media_type", "the body must have Content-Type: application/json");
    }
    byte[] body;
    try (InputStream input = exchange.getRequestBody()) {
      body = input.readNBytes(BODY_BYTES_MAX + 1);
    }
    if (body.length > BODY_BYTES_MAX) {
      throw Refusal.of(413, "too_large", "the body must have at most " + BODY_BYTES_MAX + " bytes");
    }
    try {
      Body read = JSON.readValue(body, Body.class);
      if (read == null) {
        throw usage("the body must be an object with config_path and output_path");
      }
      return new BuildRequest(path("config_path", read.config), path("output_path", read.output));
    } catch (UnrecognizedPropertyException unknown) {
      throw usage(
          "unknown field "
              + OneLine.of(unknown.getPropertyName())
              + "; known: config_path, output_path");
    } catch (JsonProcessingException broken) {
      throw usage(
          "the body must be an object with config_path and output_path: "
              + OneLine.of(broken.getOriginalMessage()));
    }
  }

  private static Path path(String field, @Nullable String text) throws Refusal {
    if (text == null || text.isEmpty()) {
      throw usage(field + " is missing");
    }
    try {
      return Path.of(text);
    } catch (InvalidPathException broken) {
      throw usage(field + " is not a path");
    }
  }

  private static Refusal usage(String error) {
    return Refusal.of(400, "usage", error);
  }
}
