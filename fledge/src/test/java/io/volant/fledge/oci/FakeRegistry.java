package io.volant.fledge.oci;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A registry of one image that does wrong what a test wants. */
final class FakeRegistry implements AutoCloseable {
  /** Takes a request, or leaves it to the registry. */
  interface Fault {
    boolean takes(HttpExchange exchange) throws IOException;
  }

  final List<String> requests = new CopyOnWriteArrayList<>();
  final String address;
  volatile Fault fault = _ -> false;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Layout image;

  FakeRegistry(Layout image) throws IOException {
    this.image = image;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    address = "127.0.0.1:" + server.getAddress().getPort();
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().toString();
      String range = exchange.getRequestHeaders().getFirst("Range");
      requests.add(path + (range == null ? "" : " " + range));
      if (fault.takes(exchange)) {
        return;
      }
      byte[] body = body(path);
      if (body == null) {
        exchange.sendResponseHeaders(404, -1);
      } else if (range == null) {
        send(exchange, 200, body);
      } else {
        int from = Integer.parseInt(range.replaceAll("[^0-9]", ""));
        send(exchange, 206, java.util.Arrays.copyOfRange(body, from, body.length));
      }
    }
  }

  static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  private byte @Nullable [] body(String path) throws IOException {
    String name = path.substring(path.lastIndexOf('/') + 1);
    if (path.contains("/manifests/") && !name.startsWith("sha256:")) {
      return Layout.bytes(image.manifest);
    }
    Path file = image.folder.resolve("blobs/sha256").resolve(name.replace("sha256:", ""));
    return Files.exists(file) ? Files.readAllBytes(file) : null;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
