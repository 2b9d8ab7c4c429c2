package io.volant;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * One short life of a daemon on a simulated host in a temporary folder: what the JVM watches when
 * the build makes the start-up cache. It goes through the same classes as a real start.
 */
final class Training {

  private final HttpClient client = HttpClient.newHttpClient();
  private final String base;

  private Training(InetSocketAddress address) {
    this.base = "http://127.0.0.1:" + address.getPort();
  }

  /** Runs it; 0 when every answer was the right one. */
  static int run() throws IOException, InterruptedException {
    Path home = Files.createTempDirectory("volant-training");
    Path image = Files.write(home.resolve("image"), new byte[1]);
    Config config =
        EngineConfig.layered(
            Map.of(),
            ConfigFactory.parseMap(
                Map.of(
                    "volant.home", home.resolve("home").toString(),
                    "volant.api.listen", "127.0.0.1:0",
                    "volant.hypervisor.driver", "simulated")));
    try (Daemon daemon = Daemon.start(Settings.of(config, Version.text()), config)) {
      new Training(daemon.address()).exercise(image);
    }
    return 0;
  }

  private void exercise(Path image) throws IOException, InterruptedException {
    call("POST", "/api/v1/plugins", manifest(image), 201);
    call("POST", "/api/v1/vms?wait=healthy", "{\"name\":\"a\",\"plugin\":\"training\"}", 201);
    call("GET", "/api/v1/vms", "", 200);
    call("GET", "/api/v1/vms/a/timeline", "", 200);
    call("GET", "/api/v1/vms?sort=nonsense", "", 400); // a mistake is exercised, too
    call("POST", "/api/v1/vms/a/stop?wait=stopped", "", 200);
    call("DELETE", "/api/v1/vms/a", "", 204);
  }

  private static String manifest(Path image) {
    return """
    {"schema_version": "1.0", "name": "training", "version": "1", "runtime": "training",
     "initramfs": {"url": "%s"}, "resources": {"cpu_cores": 1, "memory_mb": 64},
     "workload": {"type": "http", "entrypoint": ["/bin/true"],
                  "base_url": "http://127.0.0.1:80"}}
    """
        .formatted(image);
  }

  private void call(String method, String path, String body, int expected)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(base + path))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .header("Content-Type", "application/json")
            .build();
    HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
    if (response.statusCode() != expected) {
      throw new IOException(
          method + " " + path + " gave " + response.statusCode() + ": " + response.body());
    }
  }
}
