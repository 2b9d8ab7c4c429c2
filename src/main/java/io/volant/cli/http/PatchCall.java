package io.volant.cli.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;

/** {@code PATCH}, which {@link HttpURLConnection} does not have, by the newer client of the JDK. */
final class PatchCall {

  static final String METHOD = "PATCH";

  private static final long ANSWER_BYTES_MAX = 64L << 20;

  private PatchCall() {}

  /** As {@link Wire#send}. */
  static Wire.Reply send(URI base, ClientTls tls, Wire.Request request) throws IOException {
    try (HttpClient client = client(base, tls)) {
      HttpResponse<byte[]> answer =
          client.send(
              http(base, request),
              HttpResponse.BodyHandlers.limiting(
                  HttpResponse.BodyHandlers.ofByteArray(), ANSWER_BYTES_MAX));
      return new Wire.Reply(
          answer.statusCode(), headersOf(answer), new ByteArrayInputStream(answer.body()));
    } catch (HttpConnectTimeoutException silent) {
      throw new Wire.NotConnected(new SocketTimeoutException(silent.getMessage()));
    } catch (HttpTimeoutException late) {
      throw new SocketTimeoutException(late.getMessage());
    } catch (ConnectException refused) {
      throw new Wire.NotConnected(named(refused, base));
    } catch (SSLHandshakeException strangers) {
      throw new Wire.NotConnected(strangers);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  private static HttpClient client(URI base, ClientTls tls) throws IOException {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .proxy(HttpClient.Builder.NO_PROXY)
            .connectTimeout(Duration.ofMillis(UrlWire.CONNECT_TIMEOUT_MS));
    if ("https".equals(base.getScheme())) {
      builder.sslContext(context(tls));
    }
    return builder.build();
  }

  private static SSLContext context(ClientTls tls) throws Wire.NotConnected {
    try {
      return tls.context();
    } catch (IOException failure) {
      throw new Wire.NotConnected(failure);
    }
  }

  private static HttpRequest http(URI base, Wire.Request request) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(URI.create(base + request.target()))
            .timeout(request.patience())
            .method(
                METHOD,
                HttpRequest.BodyPublishers.ofString(
                    Objects.requireNonNullElse(request.body(), "")));
    request.headers().forEach(builder::setHeader);
    return builder.build();
  }

  /** That client leaves the reason away. */
  private static IOException named(ConnectException refused, URI base) {
    for (Throwable cause = refused; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException) {
        return new UnknownHostException(base.getHost());
      }
    }
    return new ConnectException("connection refused");
  }

  private static Map<String, String> headersOf(HttpResponse<?> answer) {
    Map<String, String> headers = new HashMap<>();
    answer
        .headers()
        .map()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
    return headers;
  }
}
