package io.volant.api;

import static io.volant.api.RunningApi.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTP to a workload, which here is a real server behind the simulated guest's tunnel. */
class AgentApiTest {

  private static final String AGENT = "/api/v1/vms/web-1/agent/";
  private static final String KEY = "secret";

  /** A request as the workload saw it. */
  private record Seen(String line, Map<String, String> headers, String body) {}

  private final ConcurrentLinkedQueue<Seen> seen = new ConcurrentLinkedQueue<>();

  @TempDir private Path home;
  private RunningApi api;
  private com.sun.net.httpserver.HttpServer workload;

  @BeforeEach
  void start() throws IOException {
    api = RunningApi.start(home);
    api.createHealthy("web-1");
    workload =
        com.sun.net.httpserver.HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
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
  void method_path_query_and_body_reach_the_workload() {
    HttpResponse<String> answer =
        api.send(
            api.request(AGENT + "items/7%2F8?a=1&b=%20x")
                .method("PATCH", BodyPublishers.ofString("body")));
    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(answer.body()).isEqualTo("hello");
    Seen request = seen.remove();
    assertThat(request.line()).isEqualTo("PATCH /base/items/7%2F8?a=1&b=%20x");
    assertThat(request.body()).isEqualTo("body");
  }

  @Test
  void the_agents_old_prefix_is_left_out() {
    for (String path : List.of("v1/x", "x")) {
      api.get(AGENT + path);
      assertThat(seen.remove().line()).isEqualTo("GET /base/x");
    }
    for (String path : List.of("", "v1", "v1/")) {
      api.get(AGENT + path);
      assertThat(seen.remove().line()).isEqualTo("GET /base/");
    }
  }

  @Test
  void a_path_never_names_another_host() {
    assertThat(AgentRoutes.target("", "//etc/hosts")).isEqualTo("/etc/hosts");
    assertThat(AgentRoutes.target("", "v1//x//y")).isEqualTo("/x//y");
    assertThat(AgentRoutes.target("/base", "/x")).isEqualTo("/base//x");
  }

  @Test
  void headers_of_one_connection_and_our_own_credentials_stay_here() {
    api.close();
    api = RunningApi.start(home.resolve("b"), this::withKey);
    api.workloadPort = workload.getAddress().getPort();
    api.createHealthy("web-1", KEY);
    api.send(
        api.request(AGENT)
            .header(Gate.KEY_HEADER, KEY)
            .header("Authorization", "Bearer " + KEY)
            .header("TE", "trailers")
            .header("User-Agent", "tester/1")
            .header("X-Mine", "kept"));
    Map<String, String> headers = seen.remove().headers();
    assertThat(headers)
        .containsEntry("x-mine", "kept")
        .containsEntry("user-agent", "tester/1")
        .containsEntry("x-forwarded-for", "127.0.0.1")
        .containsEntry("x-forwarded-host", "127.0.0.1:" + api.port())
        .containsEntry("host", "127.0.0.1:8080")
        .doesNotContainKeys("te", "authorization", Gate.KEY_HEADER.toLowerCase(Locale.ROOT));
    api.send(
        api.request(AGENT).header(Gate.KEY_HEADER, KEY).header("Authorization", "Bearer theirs"));
    assertThat(seen.remove().headers()).containsEntry("authorization", "Bearer theirs");
  }

  @Test
  void large_bodies_pass_both_ways() {
    byte[] body = new byte[5 << 20];
    HttpResponse<byte[]> answer =
        api.send(
            api.request(AGENT + "echo").POST(BodyPublishers.ofByteArray(body)),
            HttpResponse.BodyHandlers.ofByteArray());
    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(answer.body()).isEqualTo(body);
  }

  @Test
  void an_answer_streams_while_it_is_made() throws IOException {
    HttpResponse<InputStream> answer =
        api.send(api.request(AGENT + "stream"), HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream in = answer.body()) {
      assertThat(in.read()).isEqualTo('1'); // the workload ends its answer only after more
      api.get(AGENT + "go-on");
      assertThat(in.readAllBytes()).containsExactly('2');
    }
  }

  @Test
  void head_has_the_length_and_no_body() {
    HttpResponse<String> answer =
        api.send(api.request(AGENT).method("HEAD", BodyPublishers.noBody()));
    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(answer.body()).isEmpty();
  }

  @Test
  void a_guest_that_cannot_be_reached_is_a_bad_gateway() {
    api.workloadPort = null;
    assertProblem(api.get(AGENT), 502, "guest_unreachable");
  }

  @Test
  void a_workload_that_hangs_up_is_a_bad_gateway() throws IOException {
    try (ServerSocket hangsUp = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      api.workloadPort = hangsUp.getLocalPort();
      Thread.ofVirtual()
          .start(() -> {
            try (Socket socket = hangsUp.accept()) {
              socket.getInputStream().read(new byte[100]);
            } catch (IOException ended) {
              // the test is over
            }
          });
      assertProblem(api.get(AGENT), 502, "guest_unreachable");
    }
  }

  @Test
  void nonsense_from_a_workload_is_a_bad_gateway() throws IOException {
    try (ServerSocket nonsense = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      api.workloadPort = nonsense.getLocalPort();
      Thread.ofVirtual()
          .start(() -> {
            try (Socket socket = nonsense.accept()) {
              socket.getInputStream().read(new byte[100]);
              socket.getOutputStream().write("no HTTP\r\n\r\n".getBytes(StandardCharsets.UTF_8));
              socket.getOutputStream().flush();
            } catch (IOException ended) {
              // the test is over
            }
          });
      assertProblem(api.get(AGENT), 502, "guest_unreachable");
    }
  }

  @Test
  void a_workload_that_says_nothing_is_a_gateway_timeout_and_its_tunnel_ends() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      api.workloadPort = silent.getLocalPort();
      assertProblem(api.get(AGENT), 504, "guest_timeout");
      try (Socket tunnel = silent.accept()) {
        tunnel.setSoTimeout((int) RunningApi.PATIENCE.toMillis());
        assertThat(endOf(tunnel)).isTrue();
      }
    }
  }

  @Test
  void an_answer_whose_client_has_left_holds_no_tunnel() throws IOException {
    try (ServerSocket late = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      api.workloadPort = late.getLocalPort();
      Socket client = new Socket(InetAddress.getLoopbackAddress(), api.port());
      client
          .getOutputStream()
          .write(
              ("GET " + AGENT + " HTTP/1.1\r\nHost: a\r\n\r\n").getBytes(StandardCharsets.UTF_8));
      try (Socket tunnel = late.accept()) {
        client.setSoLinger(true, 0);
        client.close();
        tunnel
            .getOutputStream()
            .write("HTTP/1.1 200 OK\r\n\r\nbegin".getBytes(StandardCharsets.UTF_8));
        tunnel.setSoTimeout((int) RunningApi.PATIENCE.toMillis());
        tunnel.getInputStream().read(new byte[1 << 16]); // the request
        assertThat(endOf(tunnel)).isTrue();
      }
    }
  }

  private static boolean endOf(Socket tunnel) {
    try {
      tunnel.getInputStream().readAllBytes();
      return true;
    } catch (java.net.SocketTimeoutException open) {
      return false;
    } catch (IOException reset) {
      return true;
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    Map<String, String> headers = new TreeMap<>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) ->
            headers.put(name.toLowerCase(Locale.ROOT), String.join(", ", values)));
    byte[] body = exchange.getRequestBody().readAllBytes();
    String line = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    seen.add(new Seen(line, headers, new String(body, StandardCharsets.ISO_8859_1)));
    if (line.endsWith("/stream")) {
      exchange.sendResponseHeaders(201, 0);
      exchange.getResponseBody().write('1');
      exchange.getResponseBody().flush();
      org.awaitility.Awaitility.await()
          .until(() -> seen.stream().anyMatch(request -> request.line().endsWith("/go-on")));
      exchange.getResponseBody().write('2');
    } else {
      byte[] text = line.endsWith("/echo") ? body : "hello".getBytes(StandardCharsets.UTF_8);
      boolean head = exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(201, head ? -1 : text.length);
      if (!head) {
        exchange.getResponseBody().write(text);
      }
    }
    exchange.close();
  }

  private ApiSettings withKey(ApiSettings settings) {
    return RunningApi.with(
        settings,
        new ApiSettings.Access(
            List.of(ApiKey.of(ApiKey.SINGLE, Role.ADMIN, KEY)), List.of(), List.of()));
  }

  private static void assertProblem(HttpResponse<String> answer, int status, String code) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(json(answer).path("code").asText()).isEqualTo(code);
  }
}
