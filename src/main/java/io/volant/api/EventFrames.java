package io.volant.api;

import io.volant.journal.EventFeed.Entry;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Function;
import org.apache.pekko.util.ByteString;

/**
 * What is sent of events to clients that want the same. All who follow the feed get the same
 * batches of it, so the bytes of a batch are made by the first of them, and kept for the others as
 * long as no other batch needs the place.
 */
final class EventFrames {

  /** A power of two. Enough for those who lag a little; who lags more makes the bytes again. */
  private static final int KEPT_MAX = 16;

  private static final byte[] END = {'\n', '\n'};

  /**
   * An event as a client sees it.
   *
   * @param data one line of JSON
   */
  record Frame(String type, ByteString data) {

    static Frame of(String type, byte[] data) {
      return new Frame(type, ByteString.fromArrayUnsafe(data));
    }
  }

  private record Made(long first, long last, ByteString bytes) {}

  private final AtomicReferenceArray<Made> kept = new AtomicReferenceArray<>(KEPT_MAX);
  private final Function<Entry, Optional<Frame>> framing;

  /**
   * Frames.
   *
   * @param framing what is sent of an event; nothing, if these clients do not want it. The same
   *     whenever it is asked
   */
  EventFrames(Function<Entry, Optional<Frame>> framing) {
    this.framing = framing;
  }

  /** The bytes of a batch, which is not empty; none, if these clients want nothing of it. */
  ByteString of(List<Entry> batch) {
    long first = batch.getFirst().position();
    long last = batch.getLast().position();
    int place = Long.hashCode(first * 31 + last) & (KEPT_MAX - 1);
    Made made = kept.get(place);
    if (made != null && made.first() == first && made.last() == last) {
      return made.bytes();
    }
    ByteString bytes = make(batch);
    kept.set(place, new Made(first, last, bytes));
    return bytes;
  }

  private ByteString make(List<Entry> batch) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (Entry entry : batch) {
      Frame frame = framing.apply(entry).orElse(null);
      if (frame != null) {
        String head = "id: " + entry.position() + "\nevent: " + frame.type() + "\ndata: ";
        bytes.writeBytes(head.getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes(frame.data().toArrayUnsafe());
        bytes.writeBytes(END);
      }
    }
    return ByteString.fromArrayUnsafe(bytes.toByteArray());
  }
}
