package io.volant.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.RequestEntity;
import org.apache.pekko.util.ByteString;

/** Takes the JSON body of a request: bounded, and only what says that it is JSON. */
final class JsonBody {

  private static final int DEPTH_MAX = 32;
  private static final int NUMBER_LENGTH_MAX = 64;
  private static final long READ_TIMEOUT_MS = 30_000;

  /** Parses and prints. A name that stands twice is a mistake that must not pass unseen. */
  static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEPTH_MAX)
                          .maxNumberLength(NUMBER_LENGTH_MAX)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES) // the schema has the say
          .build();

  private final ActorSystem<?> system;
  private final long bytesMax;

  JsonBody(ActorSystem<?> system, long bytesMax) {
    this.system = system;
    this.bytesMax = bytesMax;
  }

  /** The body as a tree; fails with {@link ProblemException} where there is none to be had. */
  CompletionStage<JsonNode> of(HttpRequest request) {
    RequestEntity entity = request.entity();
    if (entity.isKnownEmpty()) {
      return refused(Problem.of(ErrorCode.INVALID_JSON, "the body is empty; JSON is expected"));
    }
    String type = entity.getContentType().mediaType().toString();
    if (!type.equals("application/json")) {
      return refused(
          Problem.of(
              ErrorCode.UNSUPPORTED_MEDIA_TYPE,
              "the body must be application/json, not " + Text.shown(type)));
    }
    if (entity.getContentLengthOption().orElse(0) > bytesMax) {
      return refused(tooLarge());
    }
    return entity
        .withSizeLimit(bytesMax)
        .toStrict(READ_TIMEOUT_MS, bytesMax, system)
        .thenApply(strict -> parsed(strict.getData().toArrayUnsafe()));
  }

  /** The body as it came, whatever it is; it may be empty. */
  CompletionStage<ByteString> whole(HttpRequest request) {
    RequestEntity entity = request.entity();
    if (entity.getContentLengthOption().orElse(0) > bytesMax) {
      return refused(tooLarge());
    }
    return entity
        .withSizeLimit(bytesMax)
        .toStrict(READ_TIMEOUT_MS, bytesMax, system)
        .thenApply(strict -> strict.getData());
  }

  /** What is said of a body that is too large. */
  Problem tooLarge() {
    return Problem.of(
        ErrorCode.BODY_TOO_LARGE, "the body is larger than " + bytesMax + " bytes, the most");
  }

  private static JsonNode parsed(byte[] bytes) {
    try {
      JsonNode tree = MAPPER.readTree(bytes);
      if (tree.isMissingNode()) {
        throw broken("it is empty");
      }
      if (!StandardCharsets.UTF_8.newEncoder().canEncode(tree.toString())) {
        throw broken("it has half of a surrogate pair, which UTF-8 cannot hold");
      }
      return tree;
    } catch (JsonProcessingException mistake) {
      JsonLocation at = mistake.getLocation();
      String where =
          at == null ? "" : "line " + at.getLineNr() + " column " + at.getColumnNr() + ": ";
      throw broken(where + Text.shown(mistake.getOriginalMessage()));
    } catch (IOException mistake) {
      throw broken(Text.shown(mistake.getMessage()));
    }
  }

  private static ProblemException broken(String how) {
    return Problem.of(ErrorCode.INVALID_JSON, "the body is not JSON (" + how + ")").asException();
  }

  private static <T> CompletionStage<T> refused(Problem problem) {
    return CompletableFuture.failedFuture(problem.asException());
  }
}
