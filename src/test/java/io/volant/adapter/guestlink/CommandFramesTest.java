package io.volant.adapter.guestlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.volant.vm.CommandInput;
import io.volant.vm.CommandOutput;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

class CommandFramesTest {

  @Test
  void frames_are_read_wherever_they_are_cut() {
    ByteString bytes =
        bytes(0x11, 0, 0, 0, 4, 0, 0, 1, 2, 0x12, 0, 0, 0, 2, 'h', 'i', 0x14, 0, 0, 0, 2, 1, 9);
    for (int step = 1; step <= bytes.size(); step++) {
      CommandFrames frames = new CommandFrames();
      List<CommandOutput> words = new ArrayList<>();
      for (ByteString rest = bytes; !rest.isEmpty(); rest = rest.drop(step)) {
        words.addAll(frames.take(rest.take(step)));
      }
      assertThat(words)
          .containsExactly(
              new CommandOutput.Started(258),
              new CommandOutput.Stdout(ByteString.fromString("hi")),
              new CommandOutput.Killed(9));
    }
  }

  @Test
  void a_large_input_is_cut_into_small_frames() {
    List<ByteString> frames =
        CommandFrames.of(new CommandInput.Stdin(ByteString.fromArray(new byte[100_000])));
    assertThat(frames).hasSize(7).allSatisfy(it -> assertThat(it.size()).isLessThan(17_000));
    assertThat(CommandFrames.of(new CommandInput.Resize(258, 65_535)))
        .containsExactly(bytes(4, 0, 0, 0, 4, 1, 2, 255, 255));
  }

  @Test
  void what_breaks_the_rules_is_refused() {
    for (ByteString broken :
        List.of(
            bytes(0x12, 0, 1, 0, 1),
            bytes(0x12, 255, 255, 255, 255),
            bytes(0x16, 0, 0, 0, 0),
            bytes(0x11, 0, 0, 0, 1, 1),
            bytes(0x14, 0, 0, 0, 2, 2, 0))) {
      assertThatThrownBy(() -> new CommandFrames().take(broken)).isInstanceOf(BrokenRules.class);
    }
  }

  @Test
  void noise_gives_words_or_a_refusal_and_nothing_else() {
    SplittableRandom random = new SplittableRandom(41);
    for (int round = 0; round < 2_000; round++) {
      byte[] noise = new byte[random.nextInt(200)];
      random.nextBytes(noise);
      if (noise.length > 4) {
        noise[0] = (byte) (0x11 + random.nextInt(6));
        noise[1] = 0;
        noise[2] = 0;
        noise[3] = 0;
      }
      try {
        assertThat(new CommandFrames().take(ByteString.fromArray(noise))).isNotNull();
      } catch (BrokenRules refused) {
        assertThat(refused).hasMessageContaining("command");
      }
    }
  }

  private static ByteString bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return ByteString.fromArray(bytes);
  }
}
