package io.volant.adapter.guestlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class LinkFramesTest {

  private static final ActorTestKit KIT = ActorTestKit.create();
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  private static final int DATA = 0;
  private static final int SETTINGS = 4;
  private static final byte[] WINDOW = {0, 4, 0, 2, 0, 0};

  @AfterAll
  static void end() {
    KIT.shutdownTestKit();
  }

  @Test
  void the_clients_settings_allow_larger_frames_however_they_are_cut() {
    ByteString sent =
        ByteString.fromString(PREFACE).concat(frame(SETTINGS, WINDOW)).concat(frame(DATA, 3));
    ByteString allowed =
        ByteString.fromString(PREFACE)
            .concat(frame(SETTINGS, new byte[] {0, 5, 0, 1, 0, 0, 0, 4, 0, 2, 0, 0}))
            .concat(frame(DATA, 3));
    for (int piece = 1; piece <= sent.size(); piece++) {
      List<ByteString> heard = new ArrayList<>();
      run(cut(sent, piece), Flow.of(ByteString.class).map(bytes -> heardAs(bytes, heard)));
      assertThat(joined(heard)).as("pieces of %s", piece).isEqualTo(allowed);
    }
  }

  @Test
  void frames_of_the_guest_pass_as_they_are_up_to_64_kib() {
    ByteString said =
        frame(SETTINGS, WINDOW)
            .concat(frame(DATA, LinkFrames.PAYLOAD_BYTES_MAX))
            .concat(frame(DATA, 0))
            .concat(frame(DATA, 16_385));
    for (int piece : List.of(7, 1_000, 100_000)) {
      assertThat(joined(run(List.of(), guest(said, piece)))).isEqualTo(said);
    }
  }

  @Test
  void a_longer_frame_is_against_the_rules_before_it_has_come() {
    ByteString said = frame(DATA, 5).concat(frame(DATA, LinkFrames.PAYLOAD_BYTES_MAX + 1).take(9));
    for (int piece : List.of(1, 4, 100)) {
      assertThatThrownBy(() -> run(List.of(), guest(said, piece)))
          .isInstanceOf(CompletionException.class)
          .cause()
          .isInstanceOf(BrokenRules.class)
          .hasMessageContaining("65537 bytes");
    }
  }

  private static ByteString heardAs(ByteString bytes, List<ByteString> heard) {
    heard.add(bytes);
    return ByteString.emptyByteString();
  }

  /** A connection at whose other end somebody says this. */
  private static Flow<ByteString, ByteString, NotUsed> guest(ByteString said, int piece) {
    return Flow.fromSinkAndSource(Sink.ignore(), Source.from(cut(said, piece)));
  }

  private static List<ByteString> run(
      List<ByteString> sent, Flow<ByteString, ByteString, NotUsed> connection) {
    return Source.from(sent)
        .via(LinkFrames.over(connection))
        .runWith(Sink.seq(), KIT.system())
        .toCompletableFuture()
        .orTimeout(10, TimeUnit.SECONDS)
        .join();
  }

  private static List<ByteString> cut(ByteString bytes, int piece) {
    List<ByteString> pieces = new ArrayList<>();
    for (ByteString rest = bytes; rest.nonEmpty(); rest = rest.drop(piece)) {
      pieces.add(rest.take(piece));
    }
    return pieces;
  }

  private static ByteString joined(List<ByteString> pieces) {
    return pieces.stream().reduce(ByteString.emptyByteString(), ByteString::concat);
  }

  private static ByteString frame(int type, int length) {
    return frame(type, new byte[length]);
  }

  private static ByteString frame(int type, byte[] payload) {
    int length = payload.length;
    byte[] head = {
      (byte) (length >> 16), (byte) (length >> 8), (byte) length, (byte) type, 0, 0, 0, 0, 1
    };
    return ByteString.fromArray(head).concat(ByteString.fromArray(payload));
  }
}
