package io.volant.api;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.model.ws.BinaryMessage;
import org.apache.pekko.http.javadsl.model.ws.Message;
import org.apache.pekko.http.javadsl.model.ws.WebSocketUpgrade;
import org.apache.pekko.japi.pf.PFBuilder;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** What all WebSockets of the API have in common. */
final class WebSockets {

  /** A message from a client that is taken as a whole has so many bytes at most. */
  private static final int MESSAGE_BYTES_MAX = 256 * 1024;

  /** The client has closed its socket, or it broke. */
  static final class ClientLeft extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ClientLeft() {
      super("the client has left", null, false, false);
    }
  }

  private WebSockets() {}

  /** The upgrade that a call asks for, or a {@link ProblemException}. */
  static WebSocketUpgrade upgrade(Call call) {
    return call.request()
        .getAttribute(AttributeKeys.webSocketUpgrade)
        .orElseThrow(() ->
            new ProblemException(
                Problem.of(
                    ErrorCode.UPGRADE_REQUIRED,
                    "this is a WebSocket: the request must ask for an upgrade to one"),
                RawHeader.create("Upgrade", "websocket")));
  }

  static HttpResponse answer(WebSocketUpgrade upgrade, Flow<Message, Message, ?> conversation) {
    return upgrade.handleMessagesWith(
        conversation.mapMaterializedValue(_ -> (Object) NotUsed.getInstance()));
  }

  /**
   * The client's messages, each as a whole. A client that closes its socket, or loses it, fails the
   * stream with {@link ClientLeft}, so that what it has begun does not go on without it.
   */
  static Flow<Message, Message, NotUsed> untilClosed() {
    return Flow.of(Message.class)
        .mapError(new PFBuilder<Throwable, Throwable>().matchAny(_ -> new ClientLeft()).build())
        .concatLazy(Source.lazySource(() -> Source.failed(new ClientLeft())));
  }

  /** All bytes of a message, binary or text; fails if they are too many. */
  static CompletionStage<ByteString> whole(ActorSystem<?> system, Message message) {
    if (message.isStrict()) {
      return CompletableFuture.completedFuture(
          message.isText()
              ? ByteString.fromString(message.asTextMessage().getStrictText())
              : message.asBinaryMessage().getStrictData());
    }
    return bytes(message)
        .limitWeighted(MESSAGE_BYTES_MAX, part -> (long) part.size())
        .runFold(ByteString.emptyByteString(), ByteString::concat, system);
  }

  /** The bytes of a message as they come. */
  static Source<ByteString, ?> bytes(Message message) {
    if (message.isText()) {
      return message.asTextMessage().getStreamedText().map(ByteString::fromString);
    }
    return message.asBinaryMessage().getStreamedData();
  }

  static Message binary(ByteString bytes) {
    return BinaryMessage.create(bytes);
  }
}
