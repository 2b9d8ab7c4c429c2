package io.volant.e2e;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** Debian's docker-registry on loopback, with images in a folder of the test's. */
final class LoopbackRegistry implements AutoCloseable {

  private static final Duration START = Duration.ofSeconds(20);
  private static final Duration COMMAND = Duration.ofMinutes(5);

  private final Path folder;
  private final Process process;
  private final int port;

  LoopbackRegistry(Path folder) throws IOException {
    this.folder = folder;
    try (ServerSocket socket = new ServerSocket(0)) {
      this.port = socket.getLocalPort();
    }
    Path log = folder.resolve("registry.log");
    this.process =
        new ProcessBuilder("scripts/registry", Integer.toString(port), folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    Awaitility.await("the registry answers; its log is " + log).atMost(START).until(this::answers);
  }

  /** The reference of an image here. */
  String reference(String name) {
    return "docker://127.0.0.1:" + port + "/" + name + ":latest";
  }

  /** Makes the nginx image of scripts/nginx-image, and pushes it under this name. */
  void pushNginx(String name) throws IOException, InterruptedException {
    Path layout = folder.resolve("nginx-image");
    run("scripts/nginx-image", layout.toString());
    run(
        "skopeo",
        "copy",
        "--quiet",
        "--dest-tls-verify=false",
        "oci:" + layout + ":latest",
        reference(name));
  }

  @Override
  public void close() {
    process.destroy();
  }

  private boolean answers() {
    if (!process.isAlive()) {
      throw new AssertionError("the registry ended with " + process.exitValue());
    }
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }

  private void run(String... words) throws IOException, InterruptedException {
    Path log = folder.resolve("command.log");
    Process started =
        new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    if (!started.waitFor(COMMAND.toSeconds(), TimeUnit.SECONDS) || started.exitValue() != 0) {
      started.destroyForcibly();
      throw new AssertionError(String.join(" ", words) + " failed: " + Files.readString(log));
    }
  }
}
