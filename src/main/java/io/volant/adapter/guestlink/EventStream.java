package io.volant.adapter.guestlink;

import io.volant.vm.GuestSignal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Framing;
import org.apache.pekko.stream.javadsl.FramingTruncation;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.scaladsl.Framing.FramingException;
import org.apache.pekko.util.ByteString;

/** The body of an answer as lines, and the lines of events as signals. */
final class EventStream {

  private EventStream() {}

  /**
   * Bounded lines; a longer one fails the stream with {@link BrokenRules}.
   *
   * @param atEnd runs once when the body is over
   */
  static Source<ByteString, NotUsed> lines(HttpResponse response, Runnable atEnd) {
    return response
        .entity()
        .withoutSizeLimit()
        .getDataBytes()
        .mapMaterializedValue(ignored -> NotUsed.getInstance())
        .via(new EndNotice(atEnd))
        .via(
            Framing.delimiter(
                ByteString.fromString("\n"), BoundedJson.LINE_BYTES_MAX, FramingTruncation.ALLOW))
        .mapError(
            FramingException.class,
            tooLong ->
                new BrokenRules("a line longer than " + BoundedJson.LINE_BYTES_MAX + " bytes"));
  }

  /**
   * The signals in the answer to {@code GET /v1/events}. The stream fails when the guest breaks the
   * rules or is silent for too long.
   *
   * @param mayTakeOneMore asked before each line, whatever is on it
   */
  static Source<GuestSignal, NotUsed> signals(
      HttpResponse response, Duration stale, BooleanSupplier mayTakeOneMore) {
    return lines(response, () -> {})
        .idleTimeout(stale)
        .via(Flow.of(ByteString.class).mapConcat(line -> signal(line, mayTakeOneMore)));
  }

  private static List<GuestSignal> signal(ByteString line, BooleanSupplier mayTakeOneMore) {
    if (!mayTakeOneMore.getAsBoolean()) {
      throw new BrokenRules("too many lines of events");
    }
    Optional<GuestSignal> signal = EventLine.parse(line);
    return signal.map(List::of).orElse(List.of());
  }
}
