package io.volant.adapter.guestlink;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/**
 * The first words on a hypervisor's vsock socket: {@code CONNECT port}, answered by {@code OK …}.
 * Nothing else is written before the answer, because the hypervisor reads a line at a time.
 */
final class VsockGreeting {

  private static final String CONNECT = "CONNECT 1024\n";
  private static final int ANSWER_BYTES_MAX = 64;

  private final CompletableFuture<Flow<ByteString, ByteString, NotUsed>> accepted =
      new CompletableFuture<>();
  private ByteString answer = ByteString.emptyByteString();

  private VsockGreeting() {}

  /** The connection with the greeting done in front. */
  static Flow<ByteString, ByteString, NotUsed> before(
      Flow<ByteString, ByteString, NotUsed> connection) {
    return Flow.fromMaterializer(
            (materializer, attributes) -> {
              VsockGreeting greeting = new VsockGreeting();
              return Flow.completionStageFlow(greeting.accepted)
                  .prepend(Source.single(ByteString.fromString(CONNECT)))
                  .via(connection)
                  .statefulMapConcat(() -> greeting::withoutAnswer);
            })
        .mapMaterializedValue(ignored -> NotUsed.getInstance());
  }

  private Iterable<ByteString> withoutAnswer(ByteString bytes) {
    if (accepted.isDone()) {
      return List.of(bytes);
    }
    answer = answer.concat(bytes);
    int end = answer.indexOf((byte) '\n');
    if (end < 0 && answer.size() < ANSWER_BYTES_MAX) {
      return List.of();
    }
    if (end < 0 || end > ANSWER_BYTES_MAX || !answer.utf8String().startsWith("OK ")) {
      throw new BrokenRules("the vsock socket did not answer OK");
    }
    ByteString rest = answer.drop(end + 1);
    answer = ByteString.emptyByteString();
    accepted.complete(Flow.create());
    return rest.isEmpty() ? List.of() : List.of(rest);
  }
}
