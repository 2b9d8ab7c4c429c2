package io.volant.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.scaladsl.model.EntityStreamSizeException;

/**
 * Reads API descriptions of workloads, JSON or YAML. They come from strangers: their size, depth
 * and time are bounded, and what is no description is none.
 */
final class Descriptions {

  /** The largest description that is read. */
  static final int BYTES_MAX = 4 << 20;

  private static final int DEPTH_MAX = 200;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final StreamReadConstraints BOUNDS =
      StreamReadConstraints.builder().maxNestingDepth(DEPTH_MAX).build();
  private static final ObjectMapper JSON =
      new ObjectMapper(JsonFactory.builder().streamReadConstraints(BOUNDS).build());
  private static final ObjectMapper YAML =
      new ObjectMapper(YAMLFactory.builder().streamReadConstraints(BOUNDS).build());

  private final ActorSystem<?> system;
  private final Executor blocking;

  /** A description cannot be had. The message is for people. */
  static final class UnreadableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnreadableException(String message) {
      super(message, null, false, false);
    }
  }

  /**
   * A reader.
   *
   * @param blocking for files, and for parsing what is large
   */
  Descriptions(ActorSystem<?> system, Executor blocking) {
    this.system = system;
    this.blocking = blocking;
  }

  /**
   * The description at a place.
   *
   * @param location http(s) URL, {@code file://} URL or absolute path
   * @return the description, or a failure with {@link UnreadableException}
   */
  CompletionStage<JsonNode> at(String location) {
    if (location.startsWith("http://") || location.startsWith("https://")) {
      return fetched(location);
    }
    return CompletableFuture.supplyAsync(() -> parsed(fileAt(location)), blocking);
  }

  /** The description that an answer carries, or a failure with {@link UnreadableException}. */
  CompletionStage<JsonNode> in(HttpResponse response) {
    int status = response.status().intValue();
    if (status != 200) {
      response.discardEntityBytes(system);
      return CompletableFuture.failedFuture(
          new UnreadableException("the answer was HTTP " + status));
    }
    return response
        .entity()
        .withSizeLimit(BYTES_MAX)
        .toStrict(PATIENCE.toMillis(), BYTES_MAX, system)
        .thenApplyAsync(entity -> parsed(entity.getData().toArray()), blocking);
  }

  private CompletionStage<JsonNode> fetched(String url) {
    CompletableFuture<HttpResponse> answer =
        CompletableFuture.completedFuture(url)
            .thenCompose(target ->
                Http.get(system)
                    .singleRequest(
                        HttpRequest.GET(target)
                            .addHeader(
                                org.apache.pekko.http.javadsl.model.HttpHeader.parse(
                                    "Accept", "application/json, */*"))));
    // an answer that comes too late is thrown away, or its connection would stay taken
    CompletableFuture<HttpResponse> inTime =
        answer.copy().orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    CompletableFuture<Void> _ =
        answer.thenAccept(late -> {
          if (inTime.isCompletedExceptionally()) {
            late.discardEntityBytes(system);
          }
        });
    return inTime
        .thenCompose(this::in)
        .exceptionallyCompose(failure -> CompletableFuture.failedFuture(unreadable(failure)));
  }

  /** What went wrong, in words. */
  static UnreadableException unreadable(Throwable failure) {
    Throwable root = ProblemMapping.root(failure);
    return switch (root) {
      case UnreadableException known -> known;
      case TimeoutException _ ->
          new UnreadableException("no answer within " + PATIENCE.toSeconds() + " s");
      case EntityStreamSizeException _ -> tooLarge();
      case null -> new UnreadableException("it cannot be fetched");
      default -> new UnreadableException(Text.shown(String.valueOf(root.getMessage())));
    };
  }

  private static byte[] fileAt(String location) {
    try {
      Path path = location.startsWith("/") ? Path.of(location) : Path.of(URI.create(location));
      if (!Files.isRegularFile(path)) {
        throw new UnreadableException(
            Files.exists(path) ? "it is not a regular file" : "there is no such file");
      }
      try (InputStream in = Files.newInputStream(path)) {
        byte[] bytes = in.readNBytes(BYTES_MAX + 1);
        if (bytes.length > BYTES_MAX) {
          throw tooLarge();
        }
        return bytes;
      }
    } catch (IOException | IllegalArgumentException failure) {
      throw new UnreadableException("it cannot be read");
    }
  }

  private static UnreadableException tooLarge() {
    return new UnreadableException("it is larger than " + BYTES_MAX + " bytes, the most");
  }

  /** The tree of a description; a page for people, which servers like to answer with, is none. */
  private static JsonNode parsed(byte[] bytes) {
    JsonNode tree = tree(bytes);
    if (!tree.path("openapi").isTextual() && !tree.path("swagger").isTextual()) {
      throw new CompletionException(new UnreadableException("it is no OpenAPI document"));
    }
    return tree;
  }

  private static JsonNode tree(byte[] bytes) {
    try {
      return JSON.readTree(bytes);
    } catch (IOException notJson) {
      try {
        return YAML.readTree(bytes);
      } catch (JsonProcessingException notYaml) {
        throw new UnreadableException("it is neither JSON nor YAML");
      } catch (IOException notYaml) {
        throw new UnreadableException("it cannot be read");
      }
    }
  }
}
