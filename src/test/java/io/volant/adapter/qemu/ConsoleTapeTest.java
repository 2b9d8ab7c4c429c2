package io.volant.adapter.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsoleTapeTest {

  @TempDir private Path folder;
  private Path file;
  private ConsoleTape tape;

  @BeforeEach
  void name_it() {
    file = folder.resolve("console.log");
    tape = new ConsoleTape(new RunLog(file));
  }

  @Test
  void nothing_is_read_before_anything_was_printed() throws IOException {
    long begin = tape.beforeEnd(100);
    assertThat(begin).isZero();
    assertThat(tape.read(begin, 10).bytes().size()).isZero();

    print("first");
    assertThat(tape.read(begin, 10).bytes().utf8String()).isEqualTo("first");
  }

  @Test
  void a_late_comer_begins_a_bounded_way_before_the_end() throws IOException {
    print("0123456789");

    assertThat(tape.read(tape.beforeEnd(4), 100).bytes().utf8String()).isEqualTo("6789");
    assertThat(tape.read(tape.beforeEnd(400), 100).bytes().utf8String()).isEqualTo("0123456789");
  }

  @Test
  void a_piece_is_no_longer_than_asked_for_and_says_what_is_left() throws IOException {
    print("0123456789");

    ConsoleTape.Piece piece = tape.read(0, 4);
    assertThat(piece.bytes().utf8String()).isEqualTo("0123");
    assertThat(piece.next()).isEqualTo(4);
    assertThat(piece.behindBytes()).isEqualTo(6);
  }

  @Test
  void who_reads_along_sees_each_byte_once_however_often_the_log_is_cut() throws IOException {
    long seed = Long.getLong("console.seed", System.nanoTime());
    SplittableRandom chance = new SplittableRandom(seed);
    StringBuilder printed = new StringBuilder();
    StringBuilder read = new StringBuilder();
    long position = 0;
    for (int line = 0; line < 3_000; line++) {
      String text = line + " ".repeat(chance.nextInt(200)) + "\n";
      print(text);
      printed.append(text);
      if (chance.nextInt(4) == 0) {
        tape.bound(100_000);
      }
      // never further behind than what a cut leaves
      if (chance.nextInt(50) == 0 || line == 2_999) {
        ConsoleTape.Piece piece = tape.read(position, 1 << 20);
        read.append(piece.bytes().utf8String());
        position = piece.next();
      }
    }
    assertThat(Files.size(file)).as("it was cut").isLessThan(200_000);
    assertThat(read.toString()).as("seed %s", seed).isEqualTo(printed.toString());
  }

  @Test
  void who_was_too_slow_finds_the_notice_of_the_cut() throws IOException {
    print("x".repeat(300_000));
    tape.bound(100_000);

    assertThat(tape.read(0, 20).bytes().utf8String()).isEqualTo("[volantd: 234464 byt");
  }

  private void print(String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
