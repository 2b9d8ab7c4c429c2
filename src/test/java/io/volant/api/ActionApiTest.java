package io.volant.api;

import static io.volant.api.RunningApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Actions, answered by a real server behind the simulated guest's tunnel. */
class ActionApiTest {

  private static final String OF_VM = "/api/v1/vms/web-1/actions/hello/";
  private static final String OF_PLUGIN = "/api/v1/plugins/hello/actions/";

  private final ConcurrentLinkedQueue<String> seen = new ConcurrentLinkedQueue<>();

  @TempDir private Path home;
  private RunningApi api;
  private HttpServer workload;

  @BeforeEach
  void start() throws IOException {
    api = RunningApi.start(home);
    api.post("/api/v1/plugins", manifest("1"));
    workload = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    workload.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    workload.createContext("/", this::answer);
    workload.start();
    api.workloadPort = workload.getAddress().getPort();
  }

  @AfterEach
  void stop() {
    api.close();
    workload.stop(0);
  }

  @Test
  void the_manifest_says_method_and_path_and_the_caller_query_and_body() {
    create("web-1", "");
    HttpResponse<String> answer =
        api.send(api.request(OF_VM + "rename?a=%20x").POST(BodyPublishers.ofString("{\"n\": 1}")));
    assertThat(answer.statusCode()).isEqualTo(207);
    assertThat(answer.body()).isEqualTo("done");
    assertThat(seen.remove()).isEqualTo("PUT /base/name?fixed=1&a=%20x {\"n\": 1}");
  }

  @Test
  void an_action_that_reads_gets_no_body_and_one_for_the_head_gives_none() {
    create("web-1", "");
    assertThat(
            api.send(api.request(OF_VM + "look").POST(BodyPublishers.ofString("x"))).statusCode())
        .isEqualTo(207);
    assertThat(seen.remove()).isEqualTo("GET /base/look ");
    HttpResponse<String> head = api.post(OF_VM + "head");
    assertThat(head.statusCode()).isEqualTo(207);
    assertThat(head.body()).isEmpty();
  }

  @Test
  void what_does_not_fit_together_is_refused() {
    assertProblem(api.post(OF_VM + "look"), 404, "vm_not_found");
    create("web-1", "");
    assertProblem(api.post(OF_VM + "nothing"), 404, "action_not_found");
    assertProblem(api.post("/api/v1/vms/web-1/actions/other/look"), 404, "action_not_found");
    create("odd", ", \"runtime\": \"strange\"");
    assertProblem(api.post("/api/v1/vms/odd/actions/hello/look"), 409, "runtime_mismatch");
    api.post("/api/v1/vms/web-1/stop?wait=stopped");
    assertProblem(api.post(OF_VM + "look"), 409, "not_running");
    api.post("/api/v1/plugins", manifest("2"));
    assertProblem(api.post(OF_VM + "look"), 404, "action_not_found");
    assertThat(seen).isEmpty();
  }

  @Test
  void a_workload_that_is_silent_times_out_as_the_action_says() throws IOException {
    create("web-1", "");
    try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      api.workloadPort = silent.getLocalPort();
      HttpResponse<String> late = api.post(OF_VM + "look");
      assertProblem(late, 504, "guest_timeout");
      assertThat(json(late).path("error").asText()).endsWith("within 150 ms");
    }
    api.workloadPort = null;
    assertProblem(api.post(OF_VM + "look"), 502, "guest_unreachable");
  }

  @Test
  void the_healthy_vms_of_a_plugin_take_turns() {
    assertProblem(api.post("/api/v1/plugins/none/actions/look"), 404, "plugin_not_found");
    assertProblem(api.post(OF_PLUGIN + "nothing"), 404, "action_not_found");
    assertProblem(api.post(OF_PLUGIN + "look"), 503, "no_healthy_vm");
    create("web-1", "");
    create("odd", ", \"runtime\": \"strange\"");
    assertThat(api.post(OF_PLUGIN + "look").statusCode()).isEqualTo(207);
    api.post("/api/v1/vms/web-1/stop?wait=stopped");
    assertProblem(api.post(OF_PLUGIN + "look"), 503, "no_healthy_vm");
  }

  private void create(String name, String more) {
    HttpResponse<String> made =
        api.post(
            "/api/v1/vms?wait=healthy",
            "{\"name\": \"%s\", \"plugin\": \"hello\"%s}".formatted(name, more));
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
  }

  private static String manifest(String version) {
    String plain = RunningApi.manifest("hello", version).strip();
    return plain.substring(0, plain.length() - 1)
        + """
        , "actions": {"rename": {"method": "PUT", "path": "/name?fixed=1"},
                      "look": {"method": "GET", "path": "/look", "timeout_ms": 150},
                      "head": {"method": "HEAD", "path": "/look"}}}
        """;
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1);
    boolean head = exchange.getRequestMethod().equals("HEAD");
    seen.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body);
    byte[] text = "done".getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(207, head ? -1 : text.length);
    if (!head) {
      exchange.getResponseBody().write(text);
    }
    exchange.close();
  }

  private static void assertProblem(HttpResponse<String> answer, int status, String code) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(json(answer).path("code").asText()).isEqualTo(code);
  }
}
