package io.volant.adapter.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import io.volant.vm.VmExit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExitReportTest {

  private static final List<String> CONSOLE = List.of("one", "two");

  @TempDir private Path folder;

  @Test
  void a_signal_is_a_signal_and_no_code() {
    assertThat(report(137, null, ""))
        .isEqualTo(new VmExit(null, 9, "killed by signal 9 (SIGKILL)", CONSOLE));
    assertThat(report(128 + 34, null, "").reason()).isEqualTo("killed by signal 34");
  }

  @Test
  void a_code_comes_with_the_last_word_of_qemu() {
    assertThat(report(1, null, "no such device"))
        .isEqualTo(new VmExit(1, null, "exited with code 1: no such device", CONSOLE));
    assertThat(report(0, null, "").reason()).isEqualTo("exited with code 0");
    assertThat(report(128, null, "").signal()).isNull();
    assertThat(report(200, null, "").code()).isEqualTo(200);
  }

  @Test
  void what_qemu_said_itself_is_the_reason() {
    assertThat(report(0, new QmpClient.Shutdown(true, "guest-shutdown"), "").reason())
        .isEqualTo("the guest powered off");
    assertThat(report(0, new QmpClient.Shutdown(false, "host-signal"), "").reason())
        .contains("SIGTERM");
    assertThat(report(null, new QmpClient.Shutdown(true, "guest-reset"), "").reason())
        .isEqualTo("the guest powered off");
  }

  @Test
  void a_panic_on_the_console_is_told_from_a_power_off() {
    VmExit exit =
        report(
            0,
            new QmpClient.Shutdown(true, "guest-reset"),
            "[ 1.2] Kernel panic - not syncing: Attempted to kill init!\n" + "trace\n".repeat(50),
            "");

    assertThat(exit.reason())
        .isEqualTo(
            "the guest's kernel panicked: Kernel panic - not syncing: Attempted to kill init!");
  }

  @Test
  void the_end_of_an_adopted_process_is_honest_about_what_is_not_known() {
    assertThat(report(null, null, "ignored"))
        .isEqualTo(
            new VmExit(
                null,
                null,
                "the hypervisor (pid 5) has ended, and nobody was there to see how",
                CONSOLE));
  }

  private VmExit report(
      @Nullable Integer status, QmpClient.@Nullable Shutdown shutdown, String lastWord) {
    return report(status, shutdown, String.join("\n", CONSOLE), lastWord);
  }

  private VmExit report(
      @Nullable Integer status,
      QmpClient.@Nullable Shutdown shutdown,
      String console,
      String lastWord) {
    try {
      return new ExitReport(5, status, Optional.ofNullable(shutdown))
          .toExit(
              new RunLog(Files.writeString(folder.resolve("console.log"), console)),
              new RunLog(Files.writeString(folder.resolve("qemu.log"), lastWord)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
