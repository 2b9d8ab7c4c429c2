package io.volant.adapter.files;

import static io.volant.artifact.ArtifactException.Kind.UNAVAILABLE;

import io.volant.artifact.ArtifactException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/** Opens what a URL or a path names as a stream. */
final class ArtifactSource implements AutoCloseable {

  private final ArtifactStoreSettings settings;
  private final HttpClient http;
  private final ScheduledExecutorService clock;

  ArtifactSource(ArtifactStoreSettings settings) {
    this.settings = settings;
    // Redirects are followed here and not in the client, so that they are counted, named in
    // messages, and cannot lead from https to http.
    this.http =
        HttpClient.newBuilder()
            .connectTimeout(settings.connectTimeout())
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    this.clock =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("artifact-stalls").factory());
  }

  /**
   * Opens the content. Blocks.
   *
   * @throws ArtifactException if the URL is none that can be fetched, does not answer or answers
   *     something else than 200
   */
  InputStream open(String url) throws IOException, InterruptedException {
    if (url.startsWith("/")) {
      return openFile(url, Path.of(url));
    }
    URI uri = parse(url);
    return switch (scheme(uri)) {
      case "file" -> openFile(url, pathOf(url, uri));
      case "http", "https" -> openHttp(url, uri);
      default -> throw notFetchable(url);
    };
  }

  /** The URL without a user's name and password, for messages. */
  static String display(String url) {
    return url.replaceFirst("(?i)^(https?://)[^/?#]*@", "$1");
  }

  @Override
  public void close() {
    clock.shutdownNow();
    http.shutdownNow();
  }

  private InputStream openFile(String url, Path path) throws IOException {
    if (!Files.isRegularFile(path)) {
      throw new ArtifactException(
          UNAVAILABLE,
          display(url)
              + (Files.exists(path) ? " is not a regular file" : ": there is no such file"));
    }
    if (Files.size(path) > settings.bytesMax()) {
      throw IncomingFile.tooLarge(display(url), settings.bytesMax());
    }
    return Files.newInputStream(path);
  }

  private InputStream openHttp(String url, URI first) throws IOException, InterruptedException {
    URI uri = first;
    for (int redirects = 0; redirects <= settings.redirectsMax(); redirects++) {
      HttpResponse<InputStream> response = request(url, uri);
      @Nullable URI next = redirectOf(url, uri, response);
      if (next == null) {
        return body(url, response);
      }
      response.body().close();
      uri = next;
    }
    throw new ArtifactException(
        UNAVAILABLE, display(url) + " redirects more than " + settings.redirectsMax() + " times");
  }

  private HttpResponse<InputStream> request(String url, URI uri)
      throws IOException, InterruptedException {
    try {
      HttpRequest request = HttpRequest.newBuilder(uri).timeout(settings.connectTimeout()).build();
      return http.send(request, HttpResponse.BodyHandlers.ofInputStream());
    } catch (IllegalArgumentException e) {
      throw notFetchable(url);
    } catch (ConnectException e) {
      throw new ArtifactException(
          UNAVAILABLE, display(url) + ": nothing answers at " + uri.getHost() + portOf(uri));
    }
  }

  private @Nullable URI redirectOf(String url, URI from, HttpResponse<InputStream> response)
      throws IOException {
    boolean redirects =
        switch (response.statusCode()) {
          case 301, 302, 303, 307, 308 -> true;
          default -> false;
        };
    if (!redirects) {
      return null;
    }
    String location = response.headers().firstValue("location").orElse("");
    URI to;
    try {
      to = from.resolve(new URI(location));
    } catch (URISyntaxException e) {
      response.body().close();
      throw new ArtifactException(
          UNAVAILABLE, display(url) + " redirects to something that is no URL");
    }
    boolean allowed =
        scheme(to).equals("https") || (scheme(to).equals("http") && scheme(from).equals("http"));
    if (location.isEmpty() || !allowed) {
      response.body().close();
      throw new ArtifactException(
          UNAVAILABLE,
          display(url)
              + " redirects to \""
              + display(location)
              + "\": only http and https are followed, and never from https to http");
    }
    return to;
  }

  private InputStream body(String url, HttpResponse<InputStream> response) throws IOException {
    if (response.statusCode() != 200) {
      response.body().close();
      throw new ArtifactException(
          UNAVAILABLE, display(url) + " answers HTTP " + response.statusCode());
    }
    if (response.headers().firstValueAsLong("content-length").orElse(0) > settings.bytesMax()) {
      response.body().close();
      throw IncomingFile.tooLarge(display(url), settings.bytesMax());
    }
    return new StallGuardedStream(response.body(), settings.stallTimeout(), clock);
  }

  private static URI parse(String url) {
    try {
      return new URI(url);
    } catch (URISyntaxException e) {
      throw notFetchable(url);
    }
  }

  private static Path pathOf(String url, URI uri) {
    try {
      return Path.of(uri);
    } catch (IllegalArgumentException e) {
      throw notFetchable(url);
    }
  }

  private static String portOf(URI uri) {
    return uri.getPort() < 0 ? "" : ":" + uri.getPort();
  }

  private static String scheme(URI uri) {
    return uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
  }

  private static ArtifactException notFetchable(String url) {
    return new ArtifactException(
        UNAVAILABLE,
        "\""
            + display(url)
            + "\" cannot be fetched: allowed are http://…, https://…, file:///… and absolute"
            + " paths");
  }
}
