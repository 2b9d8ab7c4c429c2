package io.volant.cli.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Calls the API of one daemon.
 *
 * <p>Built on {@link HttpURLConnection}: the newer client of the JDK brings a selector thread and
 * two hundred milliseconds of start-up, which is more than a whole {@code volar vms list} may take.
 */
public final class ApiClient {
  /** Enough for every call that is answered at once. */
  public static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final int CONNECT_TIMEOUT_MS = 5_000;
  private static final int ANSWER_LIMIT_BYTES = 64 << 20;

  static {
    // By default the JDK sends a POST again if the connection breaks: that could create a thing
    // twice.
    System.setProperty("sun.net.http.retryPost", "false");
    // One command is one request or few: a pool of connections, and its thread, would only cost.
    System.setProperty("http.keepAlive", "false");
  }

  private final URI base;
  private final @Nullable String apiKey;

  /**
   * @param base scheme, host, port and perhaps a path in front of the API's, without a slash at its
   *     end
   * @param apiKey sent with every call, if there is one
   */
  public ApiClient(URI base, @Nullable String apiKey) {
    this.base = base;
    this.apiKey = apiKey;
  }

  /** Where the daemon is. */
  public URI base() {
    return base;
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

  /** {@code PATCH}, which {@link HttpURLConnection} does not have; answered at once. */
  public ApiAnswer patch(ApiPath path, JsonNode body) throws ApiFailure, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(base + path.text()))
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .method("PATCH", HttpRequest.BodyPublishers.ofString(body.toString()));
    if (apiKey != null) {
      request.header("X-Volant-API-Key", apiKey);
    }
    try (HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofMillis(CONNECT_TIMEOUT_MS))
            .build()) {
      HttpResponse<byte[]> answer =
          client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      if (answer.statusCode() >= 300) {
        throw ErrorBody.refusal(answer.statusCode(), answer.body());
      }
      return new ApiAnswer(Json.parse(answer.body()), Map.of());
    } catch (ConnectException | HttpConnectTimeoutException refused) {
      throw unreachable(new ConnectException("connection refused"));
    } catch (HttpTimeoutException late) {
      throw new ApiFailure.Late("volantd at " + base + " did not answer in time", late);
    } catch (IOException failure) {
      throw broken(failure);
    }
  }

  /** {@code DELETE}. A running VM is stopped first, so this may take a while. */
  public ApiAnswer delete(ApiPath path, Duration patience) throws ApiFailure {
    return exchange("DELETE", path, null, patience);
  }

  /**
   * {@code GET}, answered with lines without end.
   *
   * @param headers added to the request
   * @param silence after so long without a byte the stream is taken for dead
   */
  public LineStream stream(ApiPath path, Map<String, String> headers, Duration silence)
      throws ApiFailure {
    HttpURLConnection connection = open("GET", path, silence);
    headers.forEach(connection::setRequestProperty);
    connect(connection);
    try {
      refuseErrors(connection);
      return new LineStream(connection.getInputStream());
    } catch (IOException failure) {
      throw broken(failure);
    }
  }

  private ApiAnswer exchange(
      String method, ApiPath path, @Nullable JsonNode body, Duration patience) throws ApiFailure {
    HttpURLConnection connection = open(method, path, patience);
    byte[] bytes = body == null ? new byte[0] : body.toString().getBytes(StandardCharsets.UTF_8);
    if (method.equals("POST")) {
      connection.setDoOutput(true);
      connection.setRequestProperty("Content-Type", "application/json");
    }
    connect(connection);
    try {
      if (method.equals("POST")) {
        connection.getOutputStream().write(bytes);
      }
      refuseErrors(connection);
      return new ApiAnswer(bodyOf(connection), headersOf(connection));
    } catch (IOException failure) {
      throw broken(failure);
    }
  }

  private HttpURLConnection open(String method, ApiPath path, Duration patience) throws ApiFailure {
    try {
      URI target = URI.create(base + path.text());
      HttpURLConnection connection =
          (HttpURLConnection) target.toURL().openConnection(Proxy.NO_PROXY);
      connection.setRequestMethod(method);
      connection.setConnectTimeout(CONNECT_TIMEOUT_MS);
      connection.setReadTimeout(Math.toIntExact(patience.toMillis()));
      connection.setInstanceFollowRedirects(false);
      connection.setUseCaches(false);
      connection.setRequestProperty("Accept", "*/*");
      if (apiKey != null) {
        connection.setRequestProperty("X-Volant-API-Key", apiKey);
      }
      return connection;
    } catch (IOException failure) {
      throw unreachable(failure);
    }
  }

  private void connect(HttpURLConnection connection) throws ApiFailure {
    try {
      connection.connect();
    } catch (IOException failure) {
      throw unreachable(failure);
    }
  }

  private static void refuseErrors(HttpURLConnection connection) throws IOException, ApiFailure {
    int status = connection.getResponseCode();
    if (status < 0) {
      throw new IOException("not an HTTP answer");
    }
    if (status >= 300) {
      InputStream error = connection.getErrorStream();
      byte[] bytes = error == null ? new byte[0] : error.readNBytes(1 << 20);
      throw ErrorBody.refusal(status, bytes);
    }
  }

  private static JsonNode bodyOf(HttpURLConnection connection) throws IOException {
    try (InputStream in = connection.getInputStream()) {
      byte[] bytes = in.readNBytes(ANSWER_LIMIT_BYTES + 1);
      if (bytes.length > ANSWER_LIMIT_BYTES) {
        throw new IOException("the answer is larger than " + ANSWER_LIMIT_BYTES + " bytes");
      }
      return bytes.length == 0 ? MissingNode.getInstance() : Json.parse(bytes);
    }
  }

  private static Map<String, String> headersOf(HttpURLConnection connection) {
    Map<String, String> headers = new HashMap<>();
    connection
        .getHeaderFields()
        .forEach((name, values) -> {
          if (name != null && !values.isEmpty()) {
            headers.put(name.toLowerCase(Locale.ROOT), values.getFirst());
          }
        });
    return headers;
  }

  private ApiFailure unreachable(IOException failure) {
    String why =
        switch (failure) {
          case UnknownHostException _ -> "unknown host";
          case SocketTimeoutException _ -> "no answer to the connection";
          default -> reason(failure).toLowerCase(Locale.ROOT);
        };
    String advice = "Is it running? (--api or VOLANT_API_BASE says where it is)";
    return new ApiFailure.Unreachable(
        "cannot reach volantd at " + base + ": " + why + ". " + advice, failure);
  }

  private ApiFailure broken(IOException failure) {
    if (failure instanceof SocketTimeoutException) {
      return new ApiFailure.Late("volantd at " + base + " did not answer in time", failure);
    }
    return new ApiFailure.Lost(
        "the connection to volantd at " + base + " broke: " + reason(failure), failure);
  }

  private static String reason(IOException failure) {
    String message = failure.getMessage();
    return message == null ? failure.getClass().getSimpleName() : message;
  }
}
