package io.volant.fledge.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.volant.fledge.Programs;
import io.volant.fledge.report.BuildFailure;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class StaticProgramTest {
  @Test
  void the_hosts_static_busybox_is_taken() throws BuildFailure {
    assertThat(StaticProgram.read(Path.of("/bin/busybox"), "-")).isNotEmpty();
  }

  @Test
  void a_dynamic_program_is_refused() {
    assertThatExceptionOfType(BuildFailure.class)
        .isThrownBy(() -> StaticProgram.read(Path.of("/bin/ls"), "take another"))
        .withMessage("/bin/ls is not static: it needs a loader and libraries; take another");
  }

  @Test
  void what_is_no_program_is_refused() {
    for (String text : new String[] {"", "#!/bin/sh\n", "\u007fELF"}) {
      assertThatExceptionOfType(BuildFailure.class)
          .isThrownBy(
              () -> StaticProgram.checked(text.getBytes(StandardCharsets.UTF_8), "x", "take it"))
          .withMessage("x is not a Linux program (ELF); take it");
    }
  }

  @Test
  void a_program_that_is_cut_short_is_refused_wherever_the_cut_is() {
    byte[] whole = Programs.fixed("");
    for (int length = 6; length < whole.length - 56; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatExceptionOfType(BuildFailure.class)
          .isThrownBy(() -> StaticProgram.checked(cut, "x", "-"));
    }
  }

  @Test
  void a_folder_is_no_program() {
    assertThatExceptionOfType(BuildFailure.class)
        .isThrownBy(() -> StaticProgram.read(Path.of("/etc"), "-"))
        .withMessageStartingWith("/etc cannot be read");
  }
}
