package io.volant.adapter.qemu;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.volant.adapter.unixsocket.UnixConnection;
import io.volant.adapter.unixsocket.UnixSockets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.Done;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/**
 * A conversation with one QEMU in QMP: a JSON object a line; commands and answers are matched by
 * id, events come in between. QEMU talks to one client at a time; a second one may connect, and is
 * greeted when the first has gone.
 */
final class QmpClient implements AutoCloseable {

  private static final int LINE_BYTES_MAX = 256 * 1024;
  private static final int COMMANDS_UNDER_WAY_MAX = 16;
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Why QEMU says that the machine stopped.
   *
   * @param byGuest whether the guest itself wanted it
   * @param reason QEMU's word: {@code guest-shutdown}, {@code guest-reset}, {@code host-signal} …
   */
  record Shutdown(boolean byGuest, String reason) {}

  private final UnixConnection connection;
  private final BoundedSourceQueue<String> commands;
  private final CompletableFuture<Done> greeting = new CompletableFuture<>();
  private final CompletableFuture<Done> closed = new CompletableFuture<>();
  private final Map<Long, CompletableFuture<JsonNode>> underWay = new ConcurrentHashMap<>();
  private final AtomicLong nextId = new AtomicLong(1);
  private volatile @Nullable Shutdown shutdown;

  private QmpClient(UnixConnection connection, Materializer materializer) {
    this.connection = connection;
    var running =
        Source.<String>queue(COMMANDS_UNDER_WAY_MAX)
            .via(connection.lines(LINE_BYTES_MAX))
            .toMat(Sink.foreach(this::onLine), Keep.both())
            .run(materializer);
    this.commands = running.first();
    running.second().whenComplete((done, failure) -> onEnd(failure));
  }

  /**
   * Connects and agrees on the protocol.
   *
   * @param timeout for all of it; a QEMU that is stopped, or busy with another client, is silent
   * @return the client, or a failure with {@link java.io.IOException}; then nothing is left open
   */
  static CompletionStage<QmpClient> connect(
      UnixSockets sockets, String path, Duration timeout, Materializer materializer) {
    return sockets
        .connect(path)
        .thenCompose(connection -> new QmpClient(connection, materializer).agree(path, timeout));
  }

  /**
   * Asks for something.
   *
   * @return the answer's {@code return}, or a failure with {@link QmpException}: QEMU refused,
   *     closed the connection, or was silent for too long
   */
  CompletionStage<JsonNode> execute(String command, Duration timeout) {
    long id = nextId.getAndIncrement();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    if (closed.isDone() || underWay.size() >= COMMANDS_UNDER_WAY_MAX) {
      return CompletableFuture.failedFuture(
          new QmpException(
              closed.isDone()
                  ? "QEMU has closed its control socket"
                  : "QEMU has not answered " + COMMANDS_UNDER_WAY_MAX + " earlier commands"));
    }
    underWay.put(id, answer);
    ObjectNode request = JSON.createObjectNode().put("execute", command).put("id", id);
    if (!commands.offer(request.toString()).isEnqueued()) {
      answer.completeExceptionally(new QmpException("QEMU does not read its control socket"));
    }
    return limited(answer, command, timeout).whenComplete((result, failure) -> underWay.remove(id));
  }

  /** Completes when the connection has ended, whoever ended it. Never fails. */
  CompletionStage<Done> closed() {
    return closed.copy();
  }

  boolean isClosed() {
    return closed.isDone();
  }

  /** Why the machine stopped, if QEMU has said so. */
  Optional<Shutdown> shutdown() {
    return Optional.ofNullable(shutdown);
  }

  @Override
  public void close() {
    connection.close();
  }

  private CompletionStage<QmpClient> agree(String path, Duration timeout) {
    long deadlineNanos = System.nanoTime() + timeout.toNanos();
    return limited(greeting, "to greet at " + path, timeout)
        .thenCompose(greeted ->
            execute(
                "qmp_capabilities",
                Duration.ofNanos(Math.max(1, deadlineNanos - System.nanoTime()))))
        .thenApply(agreed -> this)
        .whenComplete((client, failure) -> {
          if (failure != null) {
            close();
          }
        });
  }

  private void onLine(String line) {
    JsonNode message;
    try {
      message = JSON.readTree(line);
    } catch (JsonProcessingException e) {
      // Not QMP: nothing that follows can be trusted.
      close();
      return;
    }
    if (message.has("QMP")) {
      greeting.complete(Done.getInstance());
    } else if (message.has("event")) {
      onEvent(message);
    } else {
      onAnswer(message);
    }
  }

  private void onEvent(JsonNode message) {
    if (message.path("event").asText().equals("SHUTDOWN")) {
      JsonNode data = message.path("data");
      shutdown = new Shutdown(data.path("guest").asBoolean(), data.path("reason").asText());
    }
  }

  private void onAnswer(JsonNode message) {
    CompletableFuture<JsonNode> answer = underWay.get(message.path("id").asLong());
    if (answer == null) {
      return;
    }
    if (message.has("return")) {
      answer.complete(message.path("return"));
    } else {
      answer.completeExceptionally(
          new QmpException("QEMU refused: " + message.path("error").path("desc").asText()));
    }
  }

  private void onEnd(@Nullable Throwable failure) {
    closed.complete(Done.getInstance());
    QmpException ended =
        new QmpException(
            "QEMU's control socket was closed"
                + (failure == null ? "" : ": " + failure.getMessage()));
    greeting.completeExceptionally(ended);
    underWay.values().forEach(answer -> answer.completeExceptionally(ended));
  }

  private static <T> CompletableFuture<T> limited(
      CompletableFuture<T> answer, String what, Duration timeout) {
    return answer
        .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionallyCompose(failure ->
            CompletableFuture.failedFuture(
                failure instanceof TimeoutException
                    ? new QmpException(
                        "QEMU took longer than " + timeout.toMillis() + " ms: " + what)
                    : failure));
  }
}
