package io.volant.adapter.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLogTest {

  @TempDir private Path folder;
  private Path file;
  private RunLog log;

  @BeforeEach
  void name_it() {
    file = folder.resolve("console.log");
    log = new RunLog(file);
  }

  @Test
  void the_tail_is_the_last_twenty_lines() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int line = 1; line <= 50; line++) {
      lines.append("line ").append(line).append("\r\n\n");
    }
    Files.writeString(file, lines);

    assertThat(log.tail()).hasSize(20).startsWith("line 31").endsWith("line 50");
    assertThat(log.lastLine()).isEqualTo("line 50");
  }

  @Test
  void what_would_move_a_terminal_is_taken_out() throws IOException {
    Files.writeString(
        file, "\u001b[31mred\u001b[0m \u001b[2J\u0007\u0000x\ty\u202e\n\u001b]0;title\u0007\n");

    assertThat(log.tail()).containsExactly("red x\ty", "0;title");
  }

  @Test
  void bytes_that_are_no_text_and_endless_lines_are_cut_to_size() throws IOException {
    byte[] bytes = new byte[200_000];
    Arrays.fill(bytes, (byte) 0xff);
    Files.write(file, bytes);

    assertThat(log.tail()).containsExactly("\ufffd".repeat(RunLog.TAIL_CHARACTERS_MAX));
  }

  @Test
  void a_log_that_is_not_there_has_no_lines() throws IOException {
    log.bound(10);
    log.startAnew();

    assertThat(log.tail()).isEmpty();
    assertThat(log.lastLine()).isEmpty();
  }

  @Test
  void a_log_that_is_too_long_keeps_its_end_and_its_writer() throws IOException {
    try (OutputStream writer =
        Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      writer.write("old line\n".repeat(50_000).getBytes(StandardCharsets.UTF_8));
      log.bound(1_000_000);
      assertThat(file).hasSize(450_000);

      log.bound(400_000);
      writer.write("after\n".getBytes(StandardCharsets.UTF_8));
    }

    assertThat(Files.size(file)).isBetween(60_000L, 70_000L);
    assertThat(Files.readString(file))
        .startsWith("[volantd: 384464 bytes of this log were thrown away]\n")
        .endsWith("old line\nafter\n");
  }

  @Test
  void a_new_run_sets_the_log_of_the_last_aside() throws IOException {
    Files.writeString(file, "first");
    log.startAnew();
    Files.writeString(file, "second");
    log.startAnew();

    assertThat(file).doesNotExist();
    assertThat(folder.resolve("console.log.1")).hasContent("second");
  }
}
