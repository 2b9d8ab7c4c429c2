package io.volant.fledge.oci;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Requests to a registry and to where it sends its clients. Never in plain text to another machine,
 * and never with the login to another host than the one it was meant for.
 */
final class RegistryHttp implements AutoCloseable {
  private static final int REDIRECTS_MAX = 5;
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final String AUTHORIZATION = "Authorization";

  private final RegistryTiming timing;
  private final boolean plainAllowed;
  private final HttpClient client;

  /**
   * For one registry.
   *
   * @param plainAllowed whether http to this machine will do
   */
  RegistryHttp(RegistryTiming timing, boolean plainAllowed) {
    this.timing = timing;
    this.plainAllowed = plainAllowed;
    // One connection a layer is faster than many layers in one connection.
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(timing.connect())
            .build();
  }

  /**
   * Gets what is there, and where it leads. The caller closes the body.
   *
   * @param authorization sent to this host only; null: none
   */
  HttpResponse<BodyStream> get(URI uri, Map<String, String> headers, @Nullable String authorization)
      throws IOException {
    URI place = uri;
    for (int redirects = 0; redirects <= REDIRECTS_MAX; redirects++) {
      HttpRequest.Builder request = HttpRequest.newBuilder(checked(place));
      headers.forEach(request::setHeader);
      boolean sameHost = Objects.equals(place.getAuthority(), uri.getAuthority());
      if (authorization != null && sameHost) {
        request.setHeader(AUTHORIZATION, authorization);
      }
      HttpResponse<BodyStream> response = send(request.build());
      String location = response.headers().firstValue("Location").orElse(null);
      if (!REDIRECTS.contains(response.statusCode()) || location == null) {
        return response;
      }
      response.body().close();
      place = resolve(place, location);
    }
    throw new RegistryRefusalException(uri.getHost() + " leads from one address to the next");
  }

  /** Posts a form. The caller closes the body. */
  HttpResponse<BodyStream> post(URI uri, String form) throws IOException {
    return send(
        HttpRequest.newBuilder(checked(uri))
            .setHeader("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form))
            .build());
  }

  private static URI resolve(URI from, String location) throws RegistryRefusalException {
    try {
      return from.resolve(location);
    } catch (IllegalArgumentException broken) {
      throw new RegistryRefusalException(from.getHost() + " leads to a broken address");
    }
  }

  private URI checked(URI uri) throws RegistryRefusalException {
    String host = uri.getHost();
    boolean allowed =
        host != null
            && uri.getUserInfo() == null
            && ("https".equals(uri.getScheme())
                || ("http".equals(uri.getScheme())
                    && plainAllowed
                    && RegistryHost.isLoopback(host)));
    if (!allowed) {
      throw new RegistryRefusalException(
          "it leads to "
              + uri.getScheme()
              + "://"
              + host
              + "; only https is allowed, and http from this machine to itself");
    }
    return uri;
  }

  private HttpResponse<BodyStream> send(HttpRequest request) throws IOException {
    CompletableFuture<HttpResponse<BodyStream>> answer =
        client.sendAsync(request, _ -> new BodyStream(timing.stall()));
    String host = request.uri().getAuthority();
    try {
      return answer.get(timing.answer().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException silent) {
      answer.cancel(true);
      throw new IOException(
          host + " has not answered for " + timing.answer().toSeconds() + " s", silent);
    } catch (ExecutionException failure) {
      throw new IOException(reason(host, failure), failure);
    } catch (InterruptedException stopped) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("stopped");
    }
  }

  private static String reason(String host, ExecutionException failure) {
    Throwable cause = failure.getCause();
    for (Throwable deep = cause; deep != null; deep = deep.getCause()) {
      if (deep instanceof UnresolvedAddressException) {
        return "there is no host " + host;
      }
    }
    return cause instanceof ConnectException
        ? "nobody listens at " + host
        : host + " cannot be asked: " + cause;
  }

  /** Ends whatever still goes on. */
  @Override
  public void close() {
    client.shutdownNow();
  }
}
