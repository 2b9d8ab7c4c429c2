package io.volant.api;

import static io.volant.api.RunningApi.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.volant.api.SocketWorkload.Frame;
import io.volant.api.SocketWorkload.Peer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** WebSockets to a workload, and to the debugger of a browser, behind the simulated guest. */
class AgentSocketApiTest {

  private static final String AGENT = "/api/v1/vms/web-1/agent/";
  private static final String DEVTOOLS = "/ws/v1/vms/web-1/devtools/";
  private static final String KEY = "secret";

  @TempDir private Path home;
  private RunningApi api;
  private final HttpClient client = HttpClient.newHttpClient();

  @BeforeEach
  void start() {
    api = RunningApi.start(home);
    api.createHealthy("web-1");
  }

  @AfterEach
  void stop() {
    api.close();
    client.shutdownNow();
  }

  @Test
  void messages_keep_their_kind_and_order_both_ways_until_the_client_closes() throws Exception {
    try (SocketWorkload workload = serve(SocketWorkload::echo)) {
      SocketTape tape = new SocketTape();
      WebSocket socket = open(AGENT + "v1/chat?room=7%2F8", tape);
      for (int i = 0; i < 50; i++) {
        socket.sendText("käse " + i, true).join();
        tape.send(socket, i);
      }
      await().until(() -> tape.messages().size() == 100);
      assertThat(tape.messages().subList(0, 3)).containsExactly("käse 0", "\0", "käse 1");
      assertThat(tape.kinds().subList(0, 4)).containsExactly("text", "binary", "text", "binary");
      socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
      assertThat(tape.end()).isEqualTo(1000);
      Peer peer = workload.peer();
      assertThat(peer.requestLine()).isEqualTo("GET /base/chat?room=7%2F8 HTTP/1.1");
    }
  }

  @Test
  void a_message_in_many_frames_passes_while_it_is_made() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    try (SocketWorkload workload =
        serve(peer -> {
          peer.agree();
          Frame first = peer.read();
          assertThat(first.text()).isEqualTo("begin");
          begun.countDown();
          Frame rest = peer.readMessage();
          peer.write(false, first.kind(), rest.bytes());
          peer.write(false, 0, "-".getBytes(StandardCharsets.UTF_8));
          peer.write(true, 0, rest.bytes());
          peer.read();
        })) {
      SocketTape tape = new SocketTape();
      WebSocket socket = open(AGENT, tape);
      socket.sendText("begin", false).join();
      assertThat(begun.await(20, TimeUnit.SECONDS)).as("the first frame alone").isTrue();
      socket.sendText("käse", true).join();
      await().until(() -> tape.messages().equals(List.of("käse-käse")));
      assertThat(tape.kinds()).containsExactly("text");
      workload.peer();
      socket.abort();
    }
  }

  @Test
  void messages_wait_for_a_client_that_is_slow_to_read() throws Exception {
    byte[] whole = new byte[8 << 10];
    Arrays.fill(whole, (byte) 'x');
    int rounds = 250;
    int each = 10;
    try (SocketWorkload workload =
        serve(peer -> {
          peer.agree();
          for (int i = 0; i < rounds; i++) {
            for (int k = 0; k < each; k++) {
              peer.write(true, SocketWorkload.BINARY, whole);
            }
            // One that is a stream, to wait among those that are not.
            peer.write(false, SocketWorkload.TEXT, (byte) 'a');
            peer.write(true, 0, (byte) 'b');
          }
          peer.write(true, SocketWorkload.CLOSE, (byte) 3, (byte) 0xe8);
          peer.hangsUp();
        })) {
      SocketTape tape = new SocketTape();
      CompletableFuture<Void> patience = new CompletableFuture<>();
      tape.readNothingBefore(patience);
      open(AGENT, tape);
      workload.peer();
      // Longer than a stream inside a stream may wait; what comes is more than sockets take in.
      patience.completeOnTimeout(null, 6, TimeUnit.SECONDS).join();
      assertThat(tape.end()).isEqualTo(1000);
      assertThat(tape.messages()).hasSize(rounds * (each + 1)).last().isEqualTo("ab");
    }
  }

  @Test
  void a_large_message_goes_to_the_workload_in_one_piece() throws Exception {
    byte[] large = new byte[3 << 20];
    new java.util.SplittableRandom(3).nextBytes(large);
    CompletableFuture<byte[]> came = new CompletableFuture<>();
    try (SocketWorkload workload =
        serve(peer -> {
          peer.agree();
          came.complete(peer.readMessage().bytes());
          peer.hangsUp();
        })) {
      WebSocket socket = open(AGENT, new SocketTape());
      socket.sendBinary(ByteBuffer.wrap(large), true).join();
      assertThat(came.get(20, TimeUnit.SECONDS)).isEqualTo(large);
      workload.peer();
      socket.abort();
    }
  }

  @Test
  void the_subprotocol_is_the_one_that_the_workload_chooses() throws Exception {
    try (SocketWorkload workload =
        serve(peer -> {
          peer.agree("Sec-WebSocket-Protocol: soup", "X-Mine: kept");
          peer.read();
        })) {
      WebSocket socket =
          client
              .newWebSocketBuilder()
              .subprotocols("chat", "soup")
              .buildAsync(uri(AGENT), new SocketTape())
              .join();
      assertThat(socket.getSubprotocol()).isEqualTo("soup");
      assertThat(workload.peer().header("Sec-WebSocket-Protocol")).isEqualTo("chat, soup");
      socket.abort();
    }
  }

  @Test
  void what_a_workload_closes_with_is_a_good_or_a_bad_end() throws Exception {
    int[] codes = {1000, 4001};
    int[] heard = {1000, 1011};
    for (int i = 0; i < codes.length; i++) {
      int code = codes[i];
      try (SocketWorkload workload =
          serve(peer -> {
            peer.agree();
            peer.write(true, SocketWorkload.CLOSE, (byte) (code >> 8), (byte) code);
            peer.hangsUp();
          })) {
        SocketTape tape = new SocketTape();
        open(AGENT, tape);
        assertThat(tape.end()).isEqualTo(heard[i]);
        workload.peer();
      }
    }
  }

  @Test
  void a_workload_that_dies_and_a_client_that_dies_end_the_other() throws Exception {
    try (SocketWorkload workload = serve(Peer::agree)) {
      SocketTape tape = new SocketTape();
      open(AGENT, tape);
      tape.end();
      workload.peer();
    }
    CompletableFuture<Boolean> left = new CompletableFuture<>();
    try (SocketWorkload workload =
        serve(peer -> {
          peer.agree();
          peer.write(true, SocketWorkload.TEXT, (byte) 'a');
          Frame frame = peer.read();
          left.complete(frame.kind() == SocketWorkload.CLOSE);
        })) {
      SocketTape tape = new SocketTape();
      WebSocket socket = open(AGENT, tape);
      await().until(() -> !tape.messages().isEmpty());
      socket.abort();
      assertThat(left.get(20, TimeUnit.SECONDS)).isTrue();
      workload.peer();
    }
  }

  @Test
  void a_daemon_that_stops_ends_the_conversation() throws Exception {
    try (SocketWorkload workload = serve(SocketWorkload::echo)) {
      SocketTape tape = new SocketTape();
      tape.send(open(AGENT, tape), 'x');
      await().until(() -> !tape.messages().isEmpty());
      api.stopServing();
      tape.end();
      workload.peer();
    }
  }

  @Test
  void a_refusal_is_the_workloads_own_word() throws Exception {
    for (int status : new int[] {401, 404, 500, 302}) {
      try (SocketWorkload workload =
          serve(peer ->
              peer.say(
                  "HTTP/1.1 " + status + " No\r\nX-Why: because\r\nContent-Length: 2\r\n\r\nno"))) {
        HttpResponse<?> refused = refusal(AGENT);
        assertThat(refused.statusCode()).as("%s", refused.body()).isEqualTo(status);
        assertThat(refused.headers().firstValue("X-Why")).contains("because");
        workload.peer();
      }
    }
  }

  @Test
  void what_is_no_websocket_is_a_bad_gateway() throws Exception {
    List<SocketWorkload.Script> scripts =
        List.of(
            peer -> peer.say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"),
            peer -> peer.say("HTTP/1.1 101 Yes\r\nUpgrade: websocket\r\n\r\n"),
            peer -> peer.agree("Sec-WebSocket-Protocol: never-offered"),
            peer -> peer.say("no HTTP at all\r\n\r\n"),
            peer -> {});
    for (SocketWorkload.Script script : scripts) {
      try (SocketWorkload workload = serve(script)) {
        assertThat(refusal(AGENT).statusCode()).isEqualTo(502);
        workload.peer();
      }
    }
  }

  @Test
  void a_workload_that_does_not_answer_is_a_gateway_timeout_and_is_hung_up_on() throws Exception {
    CompletableFuture<Boolean> hungUp = new CompletableFuture<>();
    try (SocketWorkload workload = serve(peer -> hungUp.complete(peer.hangsUp()))) {
      assertThat(refusal(AGENT).statusCode()).isEqualTo(504);
      assertThat(hungUp.get(20, TimeUnit.SECONDS)).isTrue();
      workload.peer();
    }
  }

  @Test
  void a_vm_that_cannot_be_reached_is_told_before_the_upgrade() {
    assertThat(refusal(AGENT).statusCode()).isEqualTo(502);
    assertThat(refusal("/api/v1/vms/none/agent/").statusCode()).isEqualTo(404);
    assertThat(refusal(DEVTOOLS + "page/1").statusCode()).isEqualTo(502);
    api.post("/api/v1/vms/web-1/stop?wait=stopped");
    assertThat(refusal(AGENT).statusCode()).isEqualTo(409);
    assertThat(refusal(DEVTOOLS + "page/1").statusCode()).isEqualTo(409);
  }

  @Test
  void our_keys_and_what_belongs_to_one_connection_stay_here() throws Exception {
    withKeys();
    try (SocketWorkload workload = serve(SocketWorkload::echo)) {
      client
          .newWebSocketBuilder()
          .header(Gate.KEY_HEADER, KEY)
          .header("Authorization", "Bearer theirs")
          .header("X-Mine", "kept")
          .header("TE", "trailers")
          .buildAsync(uri(AGENT + "x?a=1&api_key=" + KEY + "&b=%20"), new SocketTape())
          .join()
          .abort();
      Peer peer = workload.peer();
      assertThat(peer.requestLine()).isEqualTo("GET /base/x?a=1&b=%20 HTTP/1.1");
      assertThat(peer.header("Authorization")).isEqualTo("Bearer theirs");
      assertThat(peer.header("X-Mine")).isEqualTo("kept");
      assertThat(peer.header("TE")).isNull();
      assertThat(peer.header(Gate.KEY_HEADER)).isNull();
      assertThat(peer.header("Connection")).isEqualToIgnoringCase("upgrade");
      assertThat(peer.header("Host")).isEqualTo("127.0.0.1:8080");
      assertThat(peer.header("X-Forwarded-Host")).isEqualTo("127.0.0.1:" + api.port());
      assertThat(peer.header("Sec-WebSocket-Extensions")).isNull();
    }
  }

  @Test
  void who_may_only_look_opens_no_websocket() {
    withKeys();
    assertThat(refusal(AGENT + "?api_key=looking").statusCode()).isEqualTo(403);
    assertThat(refusal(AGENT + "?api_key=" + KEY).statusCode()).isEqualTo(502);
  }

  @Test
  void the_debugger_is_called_as_it_wants_to_be() throws Exception {
    try (SocketWorkload workload = serve(SocketWorkload::echo)) {
      for (String path : List.of("page/AB-1", "devtools/page/AB-1")) {
        SocketTape tape = new SocketTape();
        WebSocket socket =
            client
                .newWebSocketBuilder()
                .header("Origin", "http://127.0.0.1:" + api.port())
                .header("Cookie", "a=b")
                .buildAsync(uri(DEVTOOLS + path + "?x=y"), tape)
                .join();
        socket.sendText("{\"id\":1}", true).join();
        await().until(() -> tape.messages().equals(List.of("{\"id\":1}")));
        Peer peer = workload.peer();
        assertThat(peer.requestLine()).isEqualTo("GET /devtools/page/AB-1 HTTP/1.1");
        assertThat(peer.header("Host")).isEqualTo("localhost:9222");
        assertThat(peer.header("Origin")).isNull();
        assertThat(peer.header("Cookie")).isNull();
        socket.abort();
      }
      open(DEVTOOLS + "browser/1?port=80", new SocketTape()).abort();
      assertThat(workload.peer().header("Host")).isEqualTo("localhost");
    }
    assertThat(refusal(DEVTOOLS + "browser/1?port=65536").statusCode()).isEqualTo(400);
    HttpResponse<String> plain = api.get(DEVTOOLS + "browser/1");
    assertThat(plain.statusCode()).isEqualTo(426);
    assertThat(json(plain).path("code").asText()).isEqualTo("upgrade_required");
  }

  private SocketWorkload serve(SocketWorkload.Script script) throws IOException {
    SocketWorkload workload = new SocketWorkload(script);
    api.workloadPort = workload.port();
    return workload;
  }

  private void withKeys() {
    api.close();
    api =
        RunningApi.start(
            home.resolve("b"),
            settings ->
                RunningApi.with(
                    settings,
                    new ApiSettings.Access(
                        List.of(
                            ApiKey.of(ApiKey.SINGLE, Role.ADMIN, KEY),
                            ApiKey.of("vera", Role.VIEWER, "looking")),
                        List.of(),
                        List.of())));
    api.createHealthy("web-1", KEY);
  }

  private URI uri(String path) {
    return SocketTape.uri(api, path);
  }

  private WebSocket open(String path, SocketTape tape) {
    return tape.open(api, path);
  }

  private HttpResponse<?> refusal(String path) {
    return SocketTape.refusal(api, path);
  }
}
