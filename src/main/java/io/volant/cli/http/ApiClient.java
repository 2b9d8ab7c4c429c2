package io.volant.cli.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Calls the API of one daemon. */
public final class ApiClient {
  /** Enough for every call that is answered at once. */
  public static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final int ANSWER_LIMIT_BYTES = 64 << 20;
  private static final int ERROR_LIMIT_BYTES = 1 << 20;
  private static final long LOOK_SECONDS = 20;
  private static final String REQUESTS = "/api/v1/requests/";

  /** How often a change is sent at most: the daemon may just be starting again. */
  private static final int TRIES = 4;

  private static final long FIRST_PAUSE_MS = 250;

  private final Wire wire;
  private final @Nullable String apiKey;

  /**
   * A client.
   *
   * @param apiKey sent with every call, if there is one
   */
  ApiClient(Wire wire, @Nullable String apiKey) {
    this.wire = wire;
    this.apiKey = apiKey;
  }

  /** Where it leads. */
  @Override
  public String toString() {
    return wire.place();
  }

  /** The calls whose bodies are bytes that stream. */
  public ApiBytes bytes() {
    return new ApiBytes(wire, apiKey);
  }

  /** {@code GET}, answered with JSON. */
  public ApiAnswer get(ApiPath path) throws ApiFailure {
    return exchange("GET", path, null, PATIENCE);
  }

  /** {@code POST}, answered within the given time. */
  public ApiAnswer post(ApiPath path, @Nullable JsonNode body, Duration patience)
      throws ApiFailure {
    return exchange("POST", path, body, patience);
  }

  /** {@code PATCH}, answered at once. */
  public ApiAnswer patch(ApiPath path, JsonNode body) throws ApiFailure {
    return patch(path, body, Map.of(), PATIENCE);
  }

  /** {@code PATCH} with more headers, answered within the given time. */
  public ApiAnswer patch(ApiPath path, JsonNode body, Map<String, String> more, Duration patience)
      throws ApiFailure {
    return exchange(new Call("PATCH", path, body, more), patience);
  }

  /** {@code DELETE}. A running VM is stopped first, so this may take a while. */
  public ApiAnswer delete(ApiPath path, Duration patience) throws ApiFailure {
    return exchange("DELETE", path, null, patience);
  }

  /** {@code DELETE} that is not waited for: where it takes long, the answer is an object. */
  public ApiAnswer beginDelete(ApiPath path) throws ApiFailure {
    return begun("DELETE", path, null, PATIENCE);
  }

  /**
   * A call that is passed on to a workload, whatever its answer is.
   *
   * @param body JSON; null: none
   */
  public RawAnswer call(String method, ApiPath path, @Nullable String body, Duration patience)
      throws ApiFailure {
    Map<String, String> headers =
        body == null ? Map.of() : Map.of("Content-Type", "application/json");
    Wire.Reply reply = send(method, path, headers, body, patience);
    try {
      refuseErrors(reply);
      try (InputStream in = reply.body()) {
        return new RawAnswer(
            reply.status(), new String(limited(in.readNBytes(ANSWER_LIMIT_BYTES + 1)), UTF_8));
      }
    } catch (IOException failure) {
      throw broken(failure);
    }
  }

  /**
   * {@code GET}, answered with lines without end.
   *
   * @param headers added to the request
   * @param silence after so long without a byte the stream is taken for dead
   */
  public LineStream stream(ApiPath path, Map<String, String> headers, Duration silence)
      throws ApiFailure {
    Wire.Reply reply = send("GET", path, headers, null, silence);
    try {
      refuseErrors(reply);
      return new LineStream(reply.body());
    } catch (IOException failure) {
      throw broken(failure);
    }
  }

  /** What takes long is waited for. */
  private ApiAnswer exchange(
      String method, ApiPath path, @Nullable JsonNode body, Duration patience) throws ApiFailure {
    return exchange(new Call(method, path, body, Map.of()), patience);
  }

  private record Call(
      String method, ApiPath path, @Nullable JsonNode body, Map<String, String> headers) {}

  private ApiAnswer exchange(Call call, Duration patience) throws ApiFailure {
    long end = System.nanoTime() + patience.toNanos();
    ApiAnswer answer = begun(call, patience);
    String place = answer.headers().getOrDefault("location", "");
    return place.startsWith(REQUESTS) ? followed(place, end) : answer;
  }

  /** The first answer, which of what takes long is only where the real one will be. */
  private ApiAnswer begun(String method, ApiPath path, @Nullable JsonNode body, Duration patience)
      throws ApiFailure {
    return begun(new Call(method, path, body, Map.of()), patience);
  }

  private ApiAnswer begun(Call call, Duration patience) throws ApiFailure {
    if (call.method().equals("GET")) {
      return once(call, Map.of(), patience);
    }
    // With the key the daemon does it once, however often it is asked.
    Map<String, String> key = Map.of("Idempotency-Key", "volar-" + UUID.randomUUID());
    for (int failures = 1; ; failures++) {
      try {
        return once(call, key, patience);
      } catch (ApiFailure.Lost broken) {
        if (failures == TRIES) {
          throw broken;
        }
        pause(FIRST_PAUSE_MS << failures, broken);
      } catch (ApiFailure.Unreachable away) {
        if (failures == 1 || failures == TRIES) {
          throw away;
        }
        pause(FIRST_PAUSE_MS << failures, away);
      }
    }
  }

  private static void pause(long milliseconds, ApiFailure otherwise) throws ApiFailure {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw otherwise;
    }
  }

  private ApiAnswer once(Call call, Map<String, String> more, Duration patience) throws ApiFailure {
    String text = null;
    Map<String, String> headers = new HashMap<>(call.headers());
    headers.putAll(more);
    if (call.method().equals("POST") || call.method().equals("PATCH")) {
      JsonNode body = call.body();
      text = body == null ? "" : body.toString();
      headers.put("Content-Type", "application/json");
    }
    Wire.Reply reply = send(call.method(), call.path(), headers, text, patience);
    try {
      refuseErrors(reply);
      return new ApiAnswer(bodyOf(reply), reply.headers());
    } catch (IOException failure) {
      throw broken(failure);
    }
  }

  /** The answer of a change that takes long: it will be where the first answer said. */
  private ApiAnswer followed(String place, long end) throws ApiFailure {
    while (System.nanoTime() < end) {
      ApiPath path = new ApiPath(place).with("wait", LOOK_SECONDS);
      JsonNode change = begun("GET", path, null, PATIENCE).body();
      if (change.path("state").asText("").equals("done")) {
        return answerOf(change);
      }
    }
    throw broken(new SocketTimeoutException("it still goes on: " + place));
  }

  private static ApiAnswer answerOf(JsonNode change) throws ApiFailure {
    int status = change.path("status").asInt();
    JsonNode body = change.path("answer");
    if (status >= 300) {
      throw ErrorBody.refusal(status, body.toString().getBytes(UTF_8));
    }
    String location = change.path("location").asText("");
    return new ApiAnswer(body, location.isEmpty() ? Map.of() : Map.of("location", location));
  }

  private Wire.Reply send(
      String method,
      ApiPath path,
      Map<String, String> headers,
      @Nullable String body,
      Duration patience)
      throws ApiFailure {
    Map<String, String> all = new HashMap<>(headers);
    all.put("Accept", "*/*");
    if (apiKey != null) {
      all.put("X-Volant-API-Key", apiKey);
    }
    try {
      return wire.send(new Wire.Request(method, path.text(), all, body, patience));
    } catch (Wire.NotConnected nobody) {
      throw unreachable(nobody);
    } catch (IOException failure) {
      throw broken(failure);
    }
  }

  private static void refuseErrors(Wire.Reply reply) throws IOException, ApiFailure {
    if (reply.status() >= 300) {
      try (InputStream in = reply.body()) {
        throw ErrorBody.refusal(reply.status(), in.readNBytes(ERROR_LIMIT_BYTES));
      }
    }
  }

  private static JsonNode bodyOf(Wire.Reply reply) throws IOException {
    try (InputStream in = reply.body()) {
      byte[] bytes = limited(in.readNBytes(ANSWER_LIMIT_BYTES + 1));
      return bytes.length == 0 ? MissingNode.getInstance() : Json.parse(bytes);
    }
  }

  private static byte[] limited(byte[] bytes) throws IOException {
    if (bytes.length > ANSWER_LIMIT_BYTES) {
      throw new IOException("the answer is larger than " + ANSWER_LIMIT_BYTES + " bytes");
    }
    return bytes;
  }

  private ApiFailure unreachable(Wire.NotConnected nobody) {
    String why =
        switch (nobody.getCause()) {
          case UnknownHostException _ -> "unknown host";
          case SocketTimeoutException _ -> "no answer to the connection";
          case null, default -> reason(nobody).toLowerCase(Locale.ROOT);
        };
    String advice = "Is it running? (--api or VOLANT_API_BASE says where it is)";
    return new ApiFailure.Unreachable(
        "cannot reach volantd at " + wire.place() + ": " + why + ". " + advice, nobody);
  }

  private ApiFailure broken(IOException failure) {
    if (failure instanceof SocketTimeoutException) {
      return new ApiFailure.Late("volantd at " + wire.place() + " did not answer in time", failure);
    }
    return new ApiFailure.Lost(
        "the connection to volantd at " + wire.place() + " broke: " + reason(failure), failure);
  }

  private static String reason(IOException failure) {
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }
}
