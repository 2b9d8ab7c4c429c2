package io.volant.cli.http;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * HTTP and HTTPS over TCP.
 *
 * <p>Built on {@link HttpURLConnection}: the newer client of the JDK brings a selector thread and
 * two hundred milliseconds of start-up, which is more than a whole {@code volar vms list} may take.
 */
final class UrlWire implements Wire {

  static final int CONNECT_TIMEOUT_MS = 5_000;

  static {
    // By default the JDK sends a POST again if the connection breaks: that could create a thing
    // twice.
    System.setProperty("sun.net.http.retryPost", "false");
    // One command is one request or few: a pool of connections, and its thread, would only cost.
    System.setProperty("http.keepAlive", "false");
  }

  private final URI base;
  private final ClientTls tls;

  /**
   * A wire.
   *
   * @param base scheme, host, port and perhaps a path in front of the API's
   * @param tls for an HTTPS daemon
   */
  UrlWire(URI base, ClientTls tls) {
    this.base = base;
    this.tls = tls;
  }

  @Override
  public String place() {
    return base.toString();
  }

  @Override
  public Reply send(Request request) throws IOException {
    if (request.method().equals(PatchCall.METHOD)) {
      return PatchCall.send(base, tls, request);
    }
    HttpURLConnection connection = connect(request);
    String body = request.body();
    if (body != null) {
      connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
    }
    int status = connection.getResponseCode();
    if (status < 0) {
      throw new IOException("not an HTTP answer");
    }
    InputStream stream = status >= 400 ? connection.getErrorStream() : connection.getInputStream();
    return new Reply(
        status, headersOf(connection), stream == null ? InputStream.nullInputStream() : stream);
  }

  @Override
  public Link open() throws IOException {
    boolean secure = "https".equals(base.getScheme());
    int port = base.getPort() >= 0 ? base.getPort() : secure ? 443 : 80;
    String host = base.getHost().replaceAll("[\\[\\]]", "");
    Socket socket = new Socket(Proxy.NO_PROXY);
    try {
      socket.connect(new InetSocketAddress(host, port), CONNECT_TIMEOUT_MS);
      socket.setTcpNoDelay(true);
      Socket used = secure ? secured(socket, host, port) : socket;
      String prefix = base.getRawPath() == null ? "" : base.getRawPath();
      return new Link(
          new BufferedInputStream(used.getInputStream()),
          used.getOutputStream(),
          base.getRawAuthority(),
          prefix,
          used);
    } catch (IOException failure) {
      socket.close();
      throw failure;
    }
  }

  private Socket secured(Socket plain, String host, int port) throws IOException {
    SSLSocketFactory factory = tls.context().getSocketFactory();
    SSLSocket secure = (SSLSocket) factory.createSocket(plain, host, port, true);
    SSLParameters parameters = secure.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    secure.setSSLParameters(parameters);
    secure.startHandshake();
    return secure;
  }

  private HttpURLConnection connect(Request request) throws NotConnected {
    try {
      URI target = URI.create(base + request.target());
      HttpURLConnection connection =
          (HttpURLConnection) target.toURL().openConnection(Proxy.NO_PROXY);
      if (connection instanceof HttpsURLConnection secure) {
        secure.setSSLSocketFactory(tls.context().getSocketFactory());
      }
      connection.setRequestMethod(request.method());
      connection.setConnectTimeout(CONNECT_TIMEOUT_MS);
      connection.setReadTimeout(Math.toIntExact(request.patience().toMillis()));
      connection.setInstanceFollowRedirects(false);
      connection.setUseCaches(false);
      connection.setDoOutput(request.body() != null);
      request.headers().forEach(connection::setRequestProperty);
      connection.connect();
      return connection;
    } catch (IOException failure) {
      throw new NotConnected(failure);
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
}
