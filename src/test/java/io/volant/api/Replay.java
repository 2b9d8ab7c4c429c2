package io.volant.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** Plays a recording against a daemon of its own. */
final class Replay implements AutoCloseable {

  private final Recording recording;
  private final RunningApi api;
  private final Workload workload;
  private final Shape shapes = new Shape(Recording.table("shapes.yaml"));
  private final OpenApiAnswers described;
  private final Map<String, Heard> streams = new HashMap<>();

  /** An open event stream. */
  private static final class Heard {
    private final Stream<String> lines;
    private final Iterator<String> each;
    private String lastId = "";

    Heard(Stream<String> lines) {
      this.lines = lines;
      this.each = lines.iterator();
    }
  }

  Replay(Recording recording, Path home, OpenApiDocument document) throws IOException {
    this.recording = recording;
    this.workload = new Workload();
    this.api = RunningApi.start(home, settings -> settings(recording.daemon(), settings));
    this.described = new OpenApiAnswers(document);
    workload.serve(api, "echo");
  }

  private static ApiSettings settings(JsonNode daemon, ApiSettings usual) {
    List<ApiKey> keys =
        Stream.of(daemon.path("key").asText(""))
            .filter(key -> !key.isEmpty())
            .map(key -> ApiKey.of(ApiKey.SINGLE, Role.ADMIN, key))
            .toList();
    return RunningApi.with(
        usual,
        new ApiSettings.Access(keys, texts(daemon.path("cidrs")), texts(daemon.path("origins"))));
  }

  void run() {
    JsonNode given = Recording.table("given.yaml");
    for (String name : recording.given()) {
      assertThat(given.has(name)).as(name).isTrue();
      Recording.steps(given.path(name)).forEach(this::play);
    }
    recording.steps().forEach(this::play);
  }

  private void play(Recording.Step step) {
    switch (step.kind()) {
      case "send" -> send(step);
      case "open" -> open(step);
      case "hear" -> hear(step);
      case "socket" -> socket(step);
      case "kill" -> kill(step);
      case "workload" -> workload.serve(api, step.subject());
      default -> throw new IllegalArgumentException(step.kind());
    }
  }

  private void send(Recording.Step step) {
    if (step.node().path("eventually").asBoolean()) {
      Awaitility.await().atMost(RunningApi.PATIENCE).untilAsserted(() -> sendOnce(step));
    } else {
      sendOnce(step);
    }
  }

  private void sendOnce(Recording.Step step) {
    String[] call = step.subject().split(" ", 2);
    HttpResponse<String> response = api.send(request(step, call[0], call[1]));
    String said = step.subject() + " → " + response.statusCode() + " " + response.body();
    JsonNode answer = step.node().path("answer");
    assertThat(response.statusCode()).as(said).isEqualTo(answer.path("status").asInt());
    answer
        .path("headers")
        .properties()
        .forEach(header -> {
          String value = response.headers().firstValue(header.getKey()).orElse("(none)");
          String wanted = header.getValue().asText();
          assertThat(value.matches(wanted))
              .as("%s: %s must be %s, is %s", said, header.getKey(), wanted, value)
              .isTrue();
        });
    if (answer.has("body")) {
      assertThat(shapes.differences(answer.path("body"), tree(response.body()))).as(said).isEmpty();
    } else if (answer.path("empty").asBoolean()) {
      assertThat(response.body()).as(said).isEmpty();
    }
    assertThat(
            described.problems(
                call[0],
                call[1],
                response.statusCode(),
                response.headers().firstValue("Content-Type").orElse(""),
                response.body()))
        .as(said)
        .isEmpty();
  }

  private HttpRequest.Builder request(Recording.Step step, String method, String path) {
    HttpRequest.Builder request = api.request(path);
    step.node()
        .path("headers")
        .properties()
        .forEach(header -> request.header(header.getKey(), filled(header.getValue().asText())));
    JsonNode body = step.node().path("body");
    if (body.isMissingNode()) {
      return request.method(method, BodyPublishers.noBody());
    }
    if (!step.node().path("headers").has("Content-Type")) {
      request.header("Content-Type", "application/json");
    }
    String text = body.isTextual() ? body.asText() : body.toString();
    return request.method(method, BodyPublishers.ofString(text));
  }

  private void open(Recording.Step step) {
    HttpResponse<Stream<String>> response =
        api.send(request(step, "GET", step.subject()), HttpResponse.BodyHandlers.ofLines());
    assertThat(response.statusCode()).as(step.subject()).isEqualTo(step.status());
    if (step.status() == 200) {
      assertThat(response.headers().firstValue("Content-Type").orElse(""))
          .startsWith("text/event-stream");
      streams.put(step.node().path("as").asText("events"), new Heard(response.body()));
    } else {
      response.body().close();
    }
  }

  /** Events in this order; others may come in between. */
  private void hear(Recording.Step step) {
    Heard stream = Objects.requireNonNull(streams.get(step.subject()), step.subject());
    for (JsonNode wanted : step.node().path("events")) {
      String type = wanted.path("event").asText();
      String event = "";
      String data = "";
      while (!(event.equals(type) && !data.isEmpty())) {
        assertThat(stream.each.hasNext()).as("the stream has ended before " + type).isTrue();
        String line = stream.each.next();
        if (line.startsWith("id: ")) {
          stream.lastId = line.substring(4);
        } else if (line.startsWith("event: ")) {
          event = line.substring(7);
          data = "";
        } else if (line.startsWith("data: ")) {
          data = line.substring(6);
        }
      }
      assertThat(shapes.differences(wanted.path("data"), tree(data))).as(data).isEmpty();
    }
  }

  private void socket(Recording.Step step) {
    SocketTape tape = new SocketTape();
    int status = 101;
    try (HttpClient client = HttpClient.newHttpClient()) {
      WebSocket.Builder opening = client.newWebSocketBuilder();
      step.node()
          .path("headers")
          .properties()
          .forEach(header -> opening.header(header.getKey(), header.getValue().asText()));
      WebSocket socket =
          opening
              .buildAsync(URI.create("ws://127.0.0.1:" + api.port() + step.subject()), tape)
              .orTimeout(RunningApi.PATIENCE.toSeconds(), TimeUnit.SECONDS)
              .join();
      talk(step, socket, tape);
      socket.abort();
    } catch (CompletionException refused) {
      if (!(refused.getCause() instanceof WebSocketHandshakeException handshake)) {
        throw refused;
      }
      status = handshake.getResponse().statusCode();
    }
    assertThat(status).as(step.subject()).isEqualTo(step.status());
  }

  private void talk(Recording.Step step, WebSocket socket, SocketTape tape) {
    for (JsonNode message : step.node().path("say")) {
      var sent =
          message.has("text")
              ? socket.sendText(message.path("text").asText(), true)
              : socket.sendBinary(
                  ByteBuffer.wrap(
                      message.path("bytes").asText().getBytes(StandardCharsets.ISO_8859_1)),
                  true);
      sent.orTimeout(RunningApi.PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }
    JsonNode wanted = step.node().path("hears");
    Awaitility.await()
        .atMost(RunningApi.PATIENCE)
        .untilAsserted(() ->
            assertThat(tape.messages())
                .as(step.subject())
                .hasSizeGreaterThanOrEqualTo(wanted.size()));
    for (int i = 0; i < wanted.size(); i++) {
      String message = tape.messages().get(i);
      if (wanted.path(i).isObject()) {
        assertThat(shapes.differences(wanted.path(i), tree(message))).as(message).isEmpty();
      }
    }
    String bytes = step.node().path("hears_bytes").asText();
    Awaitility.await()
        .atMost(RunningApi.PATIENCE)
        .untilAsserted(
            () -> assertThat(String.join("", tape.messages())).as(step.subject()).contains(bytes));
  }

  private void kill(Recording.Step step) {
    api.world().kill(api.host().vms().find(step.subject()).orElseThrow().id());
  }

  /** {@code ${events}} is the id of the last event that was heard there. */
  private String filled(String text) {
    String filled = text;
    for (Map.Entry<String, Heard> stream : streams.entrySet()) {
      filled = filled.replace("${" + stream.getKey() + "}", stream.getValue().lastId);
    }
    return filled;
  }

  private static JsonNode tree(String text) {
    try {
      return RunningApi.JSON.readTree(text);
    } catch (JsonProcessingException broken) {
      throw new AssertionError("not JSON: " + text, broken);
    }
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(each -> texts.add(each.asText()));
    return texts;
  }

  @Override
  public void close() throws IOException {
    streams.values().forEach(stream -> stream.lines.close());
    api.close();
    workload.close();
  }
}
