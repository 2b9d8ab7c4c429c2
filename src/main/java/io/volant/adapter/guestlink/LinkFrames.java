package io.volant.adapter.guestlink;

import java.util.Optional;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;

/**
 * The size of HTTP/2 frames on a link. Pekko's client cannot be told to allow frames longer than 16
 * KiB, and does not look at how long they are: so here the longer ones are allowed in its name,
 * since most of what a byte costs is the price of its frame, and still longer ones are refused.
 */
final class LinkFrames {

  /** Payload of a frame from the guest. */
  static final int PAYLOAD_BYTES_MAX = 64 * 1024;

  private static final int PREFACE_BYTES = 24;
  private static final int HEAD_BYTES = 9;
  private static final int SETTINGS = 4;

  /** SETTINGS_MAX_FRAME_SIZE and its value. */
  private static final ByteString SETTING =
      ByteString.fromArrayUnsafe(new byte[] {0, 5, 0, PAYLOAD_BYTES_MAX >> 16, 0, 0});

  private LinkFrames() {}

  /** A connection on which the guest may send frames of {@link #PAYLOAD_BYTES_MAX}. */
  static Flow<ByteString, ByteString, NotUsed> over(
      Flow<ByteString, ByteString, NotUsed> connection) {
    return Flow.of(ByteString.class)
        .statefulMap(
            Offer::new,
            (offer, bytes) -> Pair.create(offer, offer.on(bytes)),
            _ -> Optional.empty())
        .filter(ByteString::nonEmpty)
        .via(connection)
        .statefulMap(
            Limit::new,
            (limit, bytes) -> Pair.create(limit, limit.on(bytes)),
            _ -> Optional.empty());
  }

  /** Puts the setting into the client's first frame, which is one of settings. */
  private static final class Offer {

    private ByteString held = ByteString.emptyByteString();
    private boolean made;

    ByteString on(ByteString bytes) {
      if (made) {
        return bytes;
      }
      held = held.concat(bytes);
      if (held.size() < PREFACE_BYTES + HEAD_BYTES) {
        return ByteString.emptyByteString();
      }
      made = true;
      ByteString head = held.slice(PREFACE_BYTES, PREFACE_BYTES + HEAD_BYTES);
      if (head.apply(3) != SETTINGS) {
        throw new IllegalStateException("the HTTP/2 client does not begin with its settings");
      }
      byte[] longer = head.toArray();
      int length = lengthIn(longer) + SETTING.size();
      longer[0] = (byte) (length >> 16);
      longer[1] = (byte) (length >> 8);
      longer[2] = (byte) length;
      return held.take(PREFACE_BYTES)
          .concat(ByteString.fromArrayUnsafe(longer))
          .concat(SETTING)
          .concat(held.drop(PREFACE_BYTES + HEAD_BYTES));
    }
  }

  /** Follows the frames of the guest without taking them apart. */
  private static final class Limit {

    private final byte[] head = new byte[HEAD_BYTES];
    private int headBytes;
    private int payloadLeft;

    ByteString on(ByteString bytes) {
      int at = 0;
      while (at < bytes.size()) {
        if (payloadLeft > 0) {
          int part = Math.min(payloadLeft, bytes.size() - at);
          payloadLeft -= part;
          at += part;
        } else {
          head[headBytes++] = bytes.apply(at++);
          if (headBytes == HEAD_BYTES) {
            begin();
          }
        }
      }
      return bytes;
    }

    private void begin() {
      headBytes = 0;
      payloadLeft = lengthIn(head);
      if (payloadLeft > PAYLOAD_BYTES_MAX) {
        throw new BrokenRules("a frame of " + payloadLeft + " bytes, which is over 64 KiB");
      }
    }
  }

  private static int lengthIn(byte[] head) {
    return (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | (head[2] & 0xff);
  }
}
