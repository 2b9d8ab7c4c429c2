package io.volant.api;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** Keeps what comes on a WebSocket, each message as text. */
final class SocketTape implements WebSocket.Listener {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private final List<String> messages = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Integer> end = new CompletableFuture<>();
  private final StringBuilder partial = new StringBuilder();
  private final List<String> kinds = new CopyOnWriteArrayList<>();
  private CompletableFuture<Void> patience = CompletableFuture.completedFuture(null);

  List<String> messages() {
    return messages;
  }

  /** What each of the messages was: {@code text} or {@code binary}. */
  List<String> kinds() {
    return kinds;
  }

  /** To be called before the socket is opened. */
  void readNothingBefore(CompletableFuture<Void> signal) {
    patience = signal;
  }

  @Override
  public void onOpen(WebSocket socket) {
    var _ = patience.thenRun(() -> socket.request(1));
  }

  /** Waits for the end: the status that the socket was closed with. */
  int end() {
    return end.orTimeout(20, TimeUnit.SECONDS).join();
  }

  /** Opens a WebSocket to the API, and keeps what comes on it. */
  WebSocket open(RunningApi api, String path) {
    return CLIENT
        .newWebSocketBuilder()
        .buildAsync(uri(api, path), this)
        .orTimeout(20, TimeUnit.SECONDS)
        .join();
  }

  static URI uri(RunningApi api, String path) {
    return URI.create("ws://127.0.0.1:" + api.port() + path);
  }

  /** What a WebSocket is refused with. */
  static HttpResponse<?> refusal(RunningApi api, String path) {
    try {
      new SocketTape().open(api, path).abort();
    } catch (CompletionException failure) {
      if (failure.getCause() instanceof WebSocketHandshakeException refused) {
        return refused.getResponse();
      }
      throw failure;
    }
    throw new AssertionError("it was opened");
  }

  void send(WebSocket socket, int... bytes) {
    byte[] message = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      message[i] = (byte) bytes[i];
    }
    socket.sendBinary(ByteBuffer.wrap(message), true).orTimeout(20, TimeUnit.SECONDS).join();
  }

  @Override
  public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
    return take(socket, "binary", StandardCharsets.UTF_8.decode(data), last);
  }

  @Override
  public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
    return take(socket, "text", data, last);
  }

  private CompletionStage<?> take(WebSocket socket, String kind, CharSequence data, boolean last) {
    partial.append(data);
    if (last) {
      kinds.add(kind);
      messages.add(partial.toString());
      partial.setLength(0);
    }
    socket.request(1);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
    end.complete(status);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void onError(WebSocket socket, Throwable failure) {
    end.completeExceptionally(failure);
  }
}
