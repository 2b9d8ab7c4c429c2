package io.volant.fledge.oci;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** Debian's docker-registry on this machine, with its images in a folder. */
final class RegistryServer implements AutoCloseable {
  static final String USER = "ada";
  static final String PASSWORD = "lovelace";

  /** What htpasswd makes of the two: bcrypt with the least work. */
  private static final String HTPASSWD =
      "ada:$2b$04$abcdefghijklmnopqrstuuhiTVLHQPvYzPykOsCOnc5I00eOfh33K";

  final String address;
  final Path storage;
  private final Process process;

  RegistryServer(Path folder, boolean withLogin) throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    address = "127.0.0.1:" + port;
    storage = Files.createDirectories(folder.resolve("storage"));
    Path passwords = Files.writeString(folder.resolve("htpasswd"), HTPASSWD + "\n");
    String auth =
        withLogin ? "auth:\n  htpasswd:\n    realm: test\n    path: " + passwords + "\n" : "";
    Path config =
        Files.writeString(
            folder.resolve("registry.yml"),
            "version: 0.1\nlog:\n  level: error\nstorage:\n  filesystem:\n    rootdirectory: "
                + storage
                + "\nhttp:\n  addr: "
                + address
                + "\n"
                + auth);
    process =
        new ProcessBuilder("docker-registry", "serve", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("registry.log").toFile())
            .start();
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> listens(port) || !process.isAlive());
    assertThat(process.isAlive()).as(Files.readString(folder.resolve("registry.log"))).isTrue();
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }

  /** Pushes with skopeo what its first argument names. */
  void push(String source, String name, String... more) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("skopeo", "copy", "--insecure-policy", "--dest-tls-verify=false"));
    command.addAll(List.of(more));
    command.addAll(List.of(source, "docker://" + address + "/" + name));
    run(command);
  }

  static void run(List<String> command) throws Exception {
    Process program = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(program.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(program.exitValue()).as(String.join(" ", command) + "\n" + said).isZero();
  }

  /** No one answers there any more. */
  void stop() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    stop();
  }
}
