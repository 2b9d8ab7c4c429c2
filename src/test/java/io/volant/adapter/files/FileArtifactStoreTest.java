package io.volant.adapter.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.volant.artifact.ArtifactException;
import io.volant.artifact.ArtifactRef;
import io.volant.artifact.DiskFormat;
import io.volant.artifact.StoredArtifact;
import io.volant.artifact.StoredImage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileArtifactStoreTest {

  private static final byte[] CONTENT = "a boot medium".getBytes(StandardCharsets.UTF_8);
  private static final long BYTES_MAX = 1000;

  @TempDir private Path folder;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch never = new CountDownLatch(1);
  private HttpServer server;
  private FileArtifactStore store;

  @BeforeEach
  void open() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.start();
    store = newStore();
  }

  @AfterEach
  void close() {
    never.countDown();
    store.close();
    server.stop(0);
    threads.shutdownNow();
  }

  @Test
  void a_download_is_stored_under_its_digest_and_read_only() throws Exception {
    serve("/image", exchange -> answer(exchange, 200, CONTENT));

    StoredArtifact artifact = get(store.fetch(new ArtifactRef(url("/image"), sha256(CONTENT))));

    Path path = Path.of(artifact.path());
    assertThat(path)
        .isEqualTo(
            folder
                .resolve("sha256")
                .resolve(sha256(CONTENT).substring(0, 2))
                .resolve(sha256(CONTENT)));
    assertThat(artifact.sizeBytes()).isEqualTo(CONTENT.length);
    assertThat(path).hasBinaryContent(CONTENT);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("r--r--r--");
    assertThat(get(store.find(sha256(CONTENT)))).contains(artifact);
    assertThat(incoming()).isEmpty();
  }

  @Test
  void an_image_is_looked_at_and_one_that_is_not_what_it_is_said_to_be_is_refused()
      throws Exception {
    serve(
        "/image",
        exchange -> answer(exchange, 200, "hsqs and more".getBytes(StandardCharsets.UTF_8)));
    StoredArtifact artifact = get(store.fetch(new ArtifactRef(url("/image"), null)));

    assertThat(get(store.inspect(artifact, DiskFormat.RAW)))
        .isEqualTo(new StoredImage(artifact, "squashfs"));
    assertThatThrownBy(() -> get(store.inspect(artifact, DiskFormat.QCOW2)))
        .cause()
        .isInstanceOfSatisfying(
            ArtifactException.class,
            refused -> {
              assertThat(refused.kind()).isEqualTo(ArtifactException.Kind.UNUSABLE);
              assertThat(refused).hasMessageContaining("is not a qcow2 image");
            });
  }

  @Test
  void another_checksum_than_promised_leaves_nothing_behind() {
    serve("/image", exchange -> answer(exchange, 200, CONTENT));
    String promised = "sha256:" + "0".repeat(64);

    assertFails(url("/image"), promised, ArtifactException.Kind.CHECKSUM_MISMATCH, sha256(CONTENT));
    assertThat(stored()).isEmpty();
  }

  @Test
  void requests_at_once_for_the_same_thing_fetch_it_once() throws Exception {
    AtomicInteger requests = new AtomicInteger();
    CountDownLatch go = new CountDownLatch(1);
    serve(
        "/image",
        exchange -> {
          requests.incrementAndGet();
          awaitLatch(go);
          answer(exchange, 200, CONTENT);
        });
    ArtifactRef ref = new ArtifactRef(url("/image"), null);

    List<CompletionStage<StoredArtifact>> asked =
        Stream.generate(() -> store.fetch(ref)).limit(20).toList();
    go.countDown();

    for (CompletionStage<StoredArtifact> stage : asked) {
      assertThat(get(stage).digest()).isEqualTo(sha256(CONTENT));
    }
    assertThat(requests).hasValue(1);
  }

  @Test
  void a_download_that_breaks_leaves_nothing_and_can_be_tried_again() throws Exception {
    AtomicInteger requests = new AtomicInteger();
    serve(
        "/image",
        exchange -> {
          if (requests.getAndIncrement() == 0) {
            exchange.sendResponseHeaders(200, CONTENT.length);
            exchange.getResponseBody().write(CONTENT, 0, 3);
            exchange.getResponseBody().flush();
            throw new IOException("the server breaks off");
          }
          answer(exchange, 200, CONTENT);
        });

    assertFails(url("/image"), null, ArtifactException.Kind.UNAVAILABLE, "cannot fetch");
    assertThat(stored()).isEmpty();
    assertThat(get(store.fetch(new ArtifactRef(url("/image"), null))).digest())
        .isEqualTo(sha256(CONTENT));
  }

  @Test
  void a_download_that_stalls_is_given_up() {
    serve(
        "/image",
        exchange -> {
          exchange.sendResponseHeaders(200, CONTENT.length);
          exchange.getResponseBody().write(CONTENT, 0, 3);
          exchange.getResponseBody().flush();
          awaitLatch(never);
        });

    assertFails(url("/image"), null, ArtifactException.Kind.UNAVAILABLE, "no byte came for 300 ms");
    assertThat(stored()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void what_is_larger_than_allowed_is_refused(boolean lengthIsDeclared) {
    byte[] large = new byte[(int) BYTES_MAX + 1];
    serve(
        "/image",
        exchange -> {
          exchange.sendResponseHeaders(200, lengthIsDeclared ? large.length : 0);
          exchange.getResponseBody().write(large);
          exchange.close();
        });

    assertFails(
        url("/image"), null, ArtifactException.Kind.TOO_LARGE, "larger than the 1000 bytes");
    assertThat(stored()).isEmpty();
  }

  @Test
  void an_answer_that_is_no_200_names_the_url_and_the_status() {
    serve("/image", exchange -> answer(exchange, 404, new byte[0]));

    assertFails(url("/image"), null, ArtifactException.Kind.UNAVAILABLE, url("/image"), "HTTP 404");
  }

  @Test
  void redirects_are_followed_to_a_limit_and_never_to_a_file() throws Exception {
    serve("/image", exchange -> answer(exchange, 200, CONTENT));
    serve("/moved", exchange -> redirect(exchange, "/image"));
    serve("/round", exchange -> redirect(exchange, "/round"));
    serve("/inside", exchange -> redirect(exchange, "file:///etc/passwd"));

    assertThat(get(store.fetch(new ArtifactRef(url("/moved"), null))).digest())
        .isEqualTo(sha256(CONTENT));
    assertFails(url("/round"), null, ArtifactException.Kind.UNAVAILABLE, "more than 5 times");
    assertFails(url("/inside"), null, ArtifactException.Kind.UNAVAILABLE, "only http and https");
  }

  @Test
  void nobody_at_the_address_is_said_without_the_password() {
    int port = server.getAddress().getPort();
    server.stop(0);
    String url = "http://user:secret@127.0.0.1:" + port + "/image";

    assertThatThrownBy(() -> get(store.fetch(new ArtifactRef(url, null))))
        .rootCause()
        .isInstanceOf(ArtifactException.class)
        .hasMessageContaining("http://127.0.0.1:" + port + "/image")
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"%s", "file://%s"})
  void a_local_file_that_is_known_is_not_read_again(String form) throws Exception {
    Path file = Files.write(folder.resolve("local"), CONTENT);
    ArtifactRef ref = new ArtifactRef(form.formatted(file), "sha256:" + sha256(CONTENT));

    StoredArtifact first = get(store.fetch(ref));
    Files.delete(file);

    assertThat(get(store.fetch(ref))).isEqualTo(first);
  }

  @Test
  void a_missing_file_and_a_folder_are_named() {
    assertFails("/no/such/file", null, ArtifactException.Kind.UNAVAILABLE, "/no/such/file");
    assertFails("/tmp", null, ArtifactException.Kind.UNAVAILABLE, "not a regular file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "image.cpio", "ftp://host/x", "http:///x", "http://a b/", "file:x"})
  void what_is_no_url_is_refused_with_what_is_allowed(String url) {
    assertFails(url, null, ArtifactException.Kind.UNAVAILABLE, "allowed are http://");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "md5:00", "sha256:zz", "sha256:0000"})
  void what_is_no_checksum_is_refused_with_what_is_allowed(String checksum) {
    assertFails(
        "/tmp/x", checksum, ArtifactException.Kind.CHECKSUM_MISMATCH, "allowed is sha256:<64 hex");
  }

  @Test
  void what_a_crashed_daemon_left_unfinished_is_swept_at_the_start() throws Exception {
    Files.write(folder.resolve("incoming/artifact1.part"), CONTENT);

    newStore().close();

    assertThat(incoming()).isEmpty();
  }

  private FileArtifactStore newStore() throws IOException {
    return new FileArtifactStore(
        new ArtifactStoreSettings(
            folder, BYTES_MAX, 4, Duration.ofSeconds(5), Duration.ofMillis(300), 5),
        threads);
  }

  private void assertFails(
      String url, @Nullable String checksum, ArtifactException.Kind kind, String... words) {
    assertThatThrownBy(() -> get(store.fetch(new ArtifactRef(url, checksum))))
        .rootCause()
        .isInstanceOfSatisfying(ArtifactException.class, e -> assertThat(e.kind()).isEqualTo(kind))
        .message()
        .contains(words);
    assertThat(incoming()).isEmpty();
  }

  private List<Path> incoming() {
    return filesBelow(folder.resolve("incoming"));
  }

  private List<Path> stored() {
    return filesBelow(folder.resolve("sha256"));
  }

  private static List<Path> filesBelow(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private interface Handler {
    void handle(HttpExchange exchange) throws IOException;
  }

  private void serve(String path, Handler handler) {
    server.createContext(path, handler::handle);
  }

  private String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static void redirect(HttpExchange exchange, String location) throws IOException {
    exchange.getResponseHeaders().add("Location", location);
    answer(exchange, 302, new byte[0]);
  }

  private static void awaitLatch(CountDownLatch latch) throws IOException {
    try {
      if (!latch.await(30, TimeUnit.SECONDS)) {
        throw new IOException("the test forgot its latch");
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
  }
}
