package io.volant.api;

import static io.volant.api.RunningApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The description of a workload's API, from a real server, from files, and from nowhere. */
class WorkloadApiTest {

  private static final String PLACE = "/api/v1/vms/web-1/openapi";

  private final Map<String, String> pages = new ConcurrentHashMap<>();

  @TempDir private Path home;
  private RunningApi api;
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    api = RunningApi.start(home.resolve("volant"));
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          String page = pages.get(exchange.getRequestURI().getPath());
          byte[] text = (page == null ? "no" : page).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(page == null ? 404 : 200, text.length);
          exchange.getResponseBody().write(text);
          exchange.close();
        });
    server.start();
    api.workloadPort = server.getAddress().getPort();
  }

  @AfterEach
  void stop() {
    api.close();
    server.stop(0);
  }

  @Test
  void the_workload_is_asked_first() {
    create(home + "/none.json");
    pages.put("/v1/openapi", description("the guest's"));
    assertThat(title()).isEqualTo("the guest's");
  }

  @Test
  void a_page_for_people_or_one_too_large_is_no_description() throws IOException {
    Path file = Files.writeString(home.resolve("api.json"), description("a file's"));
    create("file://" + file);
    pages.put("/v1/openapi", "<html>welcome</html>");
    assertThat(title()).isEqualTo("a file's");
    pages.put("/v1/openapi", description("x".repeat(Descriptions.BYTES_MAX)));
    assertThat(title()).isEqualTo("a file's");
    api.post("/api/v1/vms/web-1/stop?wait=stopped");
    assertThat(title()).as("of a VM that is stopped").isEqualTo("a file's");
  }

  @Test
  void the_manifest_may_name_a_url() {
    create("http://127.0.0.1:" + server.getAddress().getPort() + "/api.yaml");
    pages.put("/api.yaml", "openapi: 3.1.0\ninfo:\n  title: in YAML\n");
    assertThat(title()).isEqualTo("in YAML");
    pages.remove("/api.yaml");
    assertNone("the answer was HTTP 404");
  }

  @Test
  void only_regular_files_are_read_and_only_so_much_of_them() throws IOException {
    create(home + "/api.json");
    assertNone("there is no such file");
    Files.createDirectory(home.resolve("api.json"));
    assertNone("it is not a regular file");
    Files.delete(home.resolve("api.json"));
    Files.write(home.resolve("api.json"), new byte[Descriptions.BYTES_MAX + 1]);
    assertNone("it is larger than");
    Files.writeString(home.resolve("api.json"), "[".repeat(1_000));
    assertNone("neither JSON nor YAML");
    Files.writeString(home.resolve("api.json"), "{}");
    assertNone("it is no OpenAPI document");
  }

  @Test
  void without_any_there_is_none() {
    assertThat(json(api.get(PLACE)).path("code").asText()).isEqualTo("vm_not_found");
    api.createHealthy("web-1");
    assertNone("neither does its manifest");
  }

  private void create(String openapi) {
    String plain = RunningApi.manifest("hello", "1").strip();
    api.post(
        "/api/v1/plugins",
        plain.substring(0, plain.length() - 1) + ", \"openapi\": \"" + openapi + "\"}");
    HttpResponse<String> made =
        api.post("/api/v1/vms?wait=healthy", "{\"name\": \"web-1\", \"plugin\": \"hello\"}");
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
  }

  private static String description(String title) {
    return "{\"openapi\": \"3.1.0\", \"info\": {\"title\": \"%s\"}}".formatted(title);
  }

  private String title() {
    HttpResponse<String> answer = api.get(PLACE);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return json(answer).path("info").path("title").asText();
  }

  private void assertNone(String why) {
    HttpResponse<String> answer = api.get(PLACE);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(404);
    assertThat(json(answer).path("code").asText()).isEqualTo("openapi_not_found");
    assertThat(json(answer).path("error").asText()).contains(why);
  }
}
