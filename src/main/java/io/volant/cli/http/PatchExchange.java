package io.volant.cli.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One request of a kind that the JDK's quicker client does not know. */
final class PatchExchange {

  private PatchExchange() {}

  static Wire.Reply send(URI target, Wire.Request request, @Nullable Path authority)
      throws IOException {
    HttpClient.Builder client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER);
    if (authority != null) {
      client.sslContext(Authority.context(authority));
    }
    String body = request.body();
    HttpRequest.Builder made =
        HttpRequest.newBuilder(target)
            .timeout(request.patience())
            .method(
                request.method(),
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    request.headers().forEach(made::header);
    try {
      HttpResponse<InputStream> answer =
          client.build().send(made.build(), HttpResponse.BodyHandlers.ofInputStream());
      Map<String, String> headers = new HashMap<>();
      answer
          .headers()
          .map()
          .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
      return new Wire.Reply(answer.statusCode(), headers, answer.body());
    } catch (ConnectException nobody) {
      throw new Wire.NotConnected(nobody);
    } catch (HttpTimeoutException late) {
      SocketTimeoutException timeout = new SocketTimeoutException(late.getMessage());
      timeout.initCause(late);
      throw timeout;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      InterruptedIOException broken = new InterruptedIOException("stopped");
      broken.initCause(stopped);
      throw broken;
    }
  }
}
