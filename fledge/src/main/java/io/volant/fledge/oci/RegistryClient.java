package io.volant.fledge.oci;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.report.OneLine;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;

/** Reads one repository of a registry, by the OCI distribution specification. */
final class RegistryClient implements AutoCloseable {
  private static final String MANIFESTS =
      "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json,"
          + " application/vnd.docker.distribution.manifest.list.v2+json,"
          + " application/vnd.docker.distribution.manifest.v2+json";
  private static final int ERROR_BYTES_MAX = 64 * 1024;
  private static final int STATUS_OK = 200;
  private static final int STATUS_PARTIAL = 206;
  private static final int STATUS_UNAUTHORIZED = 401;
  private static final int STATUS_NOT_FOUND = 404;

  /** Timeouts, too many requests, and servers that may be well again in a moment. */
  private static final Set<Integer> PASSING = Set.of(408, 429, 500, 502, 503, 504);

  private final RegistryName name;
  private final RegistryTiming timing;
  private final RegistryHttp http;
  private final RegistryLogin login;
  private final URI repository;

  RegistryClient(RegistryName name, Logins logins, RegistryTiming timing) {
    this.name = name;
    this.timing = timing;
    this.http = new RegistryHttp(timing, name.host().isLoopback());
    this.login = new RegistryLogin(name, logins, http);
    this.repository = name.host().api().resolve(name.repository() + "/");
  }

  /**
   * A manifest or index by tag or digest, not checked.
   *
   * @param where what it is, to be read before a mistake
   */
  byte[] manifest(String wanted, String where) throws BuildFailure {
    URI uri = repository.resolve("manifests/" + wanted);
    return bytes(uri, Map.of("Accept", MANIFESTS), ImageDocument.BYTES_MAX, where);
  }

  /** A small blob, not checked. */
  byte[] document(Digest digest, int most, String where) throws BuildFailure {
    return bytes(repository.resolve("blobs/" + digest), Map.of(), most, where);
  }

  /** A blob of any size, not checked. What breaks off is taken up again. */
  InputStream blob(Digest digest, long sizeBytes) {
    URI uri = repository.resolve("blobs/" + digest);
    return new ResumingStream(position -> blobFrom(uri, position), sizeBytes, timing);
  }

  private InputStream blobFrom(URI uri, long position) throws IOException {
    if (position == 0) {
      return get(uri, Map.of(), "it").body();
    }
    HttpResponse<BodyStream> response = get(uri, Map.of("Range", "bytes=" + position + "-"), "it");
    if (response.statusCode() != STATUS_PARTIAL) {
      response.body().skipNBytes(position); // a server that knows no ranges
    }
    return response.body();
  }

  private byte[] bytes(URI uri, Map<String, String> headers, int most, String where)
      throws BuildFailure {
    Iterator<Duration> pauses = timing.pauses().iterator();
    try {
      while (true) {
        try (BodyStream body = get(uri, headers, where).body()) {
          byte[] bytes = body.readNBytes(most + 1);
          if (bytes.length > most) {
            throw new RegistryRefusalException(where + " is larger than " + most + " bytes");
          }
          return bytes;
        } catch (RegistryRefusalException | InterruptedIOException end) {
          throw end;
        } catch (IOException passing) {
          if (!pauses.hasNext()) {
            throw passing;
          }
          Pause.of(pauses.next());
        }
      }
    } catch (IOException failure) {
      throw new BuildFailure(
          ExitCode.DOWNLOAD,
          OneLine.of(
              name.registry()
                  + "/"
                  + name.repository()
                  + " cannot be fetched: "
                  + failure.getMessage()));
    }
  }

  private HttpResponse<BodyStream> get(URI uri, Map<String, String> headers, String what)
      throws IOException {
    String authorization = login.current();
    HttpResponse<BodyStream> response = http.get(uri, headers, authorization);
    if (response.statusCode() == STATUS_UNAUTHORIZED) {
      response.body().close();
      String answer = login.answer(response.headers().allValues("WWW-Authenticate"), authorization);
      response = http.get(uri, headers, answer);
    }
    int status = response.statusCode();
    if (status == STATUS_OK || status == STATUS_PARTIAL) {
      return response;
    }
    try (BodyStream body = response.body()) {
      throw failure(status, what, body);
    }
  }

  private IOException failure(int status, String what, BodyStream body) throws IOException {
    if (status == STATUS_UNAUTHORIZED) {
      return login.refusal();
    }
    String line =
        status == STATUS_NOT_FOUND
            ? what + " is not there (status 404)"
            : name.registry() + " answered with status " + status;
    String full = line + said(body);
    return PASSING.contains(status) ? new IOException(full) : new RegistryRefusalException(full);
  }

  /** What the registry itself says about it, as far as it keeps to the specification. */
  private static String said(BodyStream body) {
    try {
      Fields fields = Fields.parse(body.readNBytes(ERROR_BYTES_MAX), "answer");
      for (Fields error : fields.objects("errors")) {
        String message = error.text("message");
        if (message != null && !message.isEmpty()) {
          return ": " + message;
        }
      }
      return "";
    } catch (BuildFailure | IOException saysNothing) {
      return "";
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
