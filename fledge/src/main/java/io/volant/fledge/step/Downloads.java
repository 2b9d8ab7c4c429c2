package io.volant.fledge.step;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.report.OneLine;
import io.volant.fledge.tree.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Fetches programs by http, https or file URL. Bounded in size and time, and checked. */
public final class Downloads {
  /** Busybox and kestrel have 1 to 2 MB. */
  private static final int SIZE_BYTES_MAX = 64 * 1024 * 1024;

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final int WHOLE_TIMEOUT_S = 120;
  private static final int STATUS_OK = 200;

  /**
   * The bytes behind the URL.
   *
   * @param sha256 what they must have as checksum, 64 lower-case hexadecimal digits; null: anything
   *     will do
   */
  byte[] fetch(URI url, @Nullable String sha256) throws BuildFailure {
    byte[] bytes = "file".equals(url.getScheme()) ? fromFile(url) : fromServer(url);
    String found = Sha256.of(bytes);
    if (sha256 != null && !sha256.equals(found)) {
      throw failure(url, "has the checksum " + found + ", expected " + sha256);
    }
    return bytes;
  }

  private static byte[] fromFile(URI url) throws BuildFailure {
    try (InputStream input = Files.newInputStream(Path.of(url))) {
      byte[] bytes = input.readNBytes(SIZE_BYTES_MAX + 1);
      if (bytes.length > SIZE_BYTES_MAX) {
        throw failure(url, "is larger than " + SIZE_BYTES_MAX + " bytes");
      }
      return bytes;
    } catch (IOException | IllegalArgumentException failure) {
      throw failure(url, "cannot be read: " + failure.getMessage());
    }
  }

  private static byte[] fromServer(URI url) throws BuildFailure {
    try (HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT_TIMEOUT)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build()) {
      CompletableFuture<HttpResponse<byte[]>> answer =
          client.sendAsync(
              HttpRequest.newBuilder(url).build(),
              BodyHandlers.limiting(BodyHandlers.ofByteArray(), SIZE_BYTES_MAX));
      try {
        HttpResponse<byte[]> response = answer.get(WHOLE_TIMEOUT_S, TimeUnit.SECONDS);
        if (response.statusCode() != STATUS_OK) {
          throw failure(url, "answered with status " + response.statusCode());
        }
        return response.body();
      } catch (TimeoutException slow) {
        throw failure(url, "was not there after " + WHOLE_TIMEOUT_S + " s");
      } finally {
        // close() would wait for an exchange that is still going on.
        client.shutdownNow();
      }
    } catch (ExecutionException failure) {
      throw failure(url, "cannot be fetched: " + failure.getCause());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw failure(url, "was not fetched: the build was stopped");
    }
  }

  private static BuildFailure failure(URI url, String what) {
    return new BuildFailure(ExitCode.DOWNLOAD, OneLine.of(url + " " + what));
  }
}
