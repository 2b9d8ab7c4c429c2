package io.volant.adapter.qemu;

import io.volant.vm.VmExit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Puts together what is known of a QEMU's end.
 *
 * <p>Java gives a child that died of signal n the exit code 128 + n, and so does not tell it from a
 * program that exits with such a code. QEMU itself exits with 0 or 1 only (setsid, before it has
 * become QEMU, with 126 and 127 too), so for it the two can be told apart.
 *
 * @param pid whose end it is
 * @param status the exit code as Java gives it; null for one that was not our child
 * @param shutdown what QEMU said before, if anything
 */
record ExitReport(long pid, @Nullable Integer status, Optional<QmpClient.Shutdown> shutdown) {

  private static final int SIGNAL_BASE = 128;
  private static final int SIGNAL_MAX = 64;
  private static final String PANIC = "Kernel panic - not syncing";

  /**
   * The end as the port tells it.
   *
   * @param console what the guest wrote
   * @param own what QEMU itself wrote
   */
  VmExit toExit(RunLog console, RunLog own) {
    Integer signal = signal();
    Integer code = signal == null ? status : null;
    return new VmExit(code, signal, reason(signal, console, own.lastLine()), console.tail());
  }

  private @Nullable Integer signal() {
    Integer known = status;
    return known != null && known > SIGNAL_BASE && known <= SIGNAL_BASE + SIGNAL_MAX
        ? Integer.valueOf(known - SIGNAL_BASE)
        : null;
  }

  private String reason(@Nullable Integer signal, RunLog console, String lastWord) {
    if (signal != null) {
      return "killed by signal " + signal + nameOf(signal);
    }
    if (shutdown.isPresent()) {
      return shutdownReason(shutdown.get(), console);
    }
    if (status == null) {
      return "the hypervisor (pid %d) has ended, and nobody was there to see how".formatted(pid);
    }
    return "exited with code " + status + (lastWord.isEmpty() ? "" : ": " + lastWord);
  }

  private static String shutdownReason(QmpClient.Shutdown shutdown, RunLog console) {
    if (!shutdown.byGuest()) {
      return switch (shutdown.reason()) {
        case "host-signal" ->
            "the hypervisor was told to end by a signal (SIGTERM, SIGINT or SIGHUP)";
        case "host-qmp-quit" -> "the hypervisor was told to quit";
        default -> "the hypervisor has ended: " + shutdown.reason();
      };
    }
    // A kernel that panics resets the machine, as one that powers off without ACPI does: only the
    // console tells.
    return console
        .lastLineWith(PANIC)
        .map(line -> "the guest's kernel panicked: " + line.substring(line.indexOf(PANIC)))
        .orElse(VmExit.POWERED_OFF);
  }

  private static String nameOf(int signal) {
    String name =
        switch (signal) {
          case 1 -> "SIGHUP";
          case 2 -> "SIGINT";
          case 3 -> "SIGQUIT";
          case 4 -> "SIGILL";
          case 6 -> "SIGABRT";
          case 7 -> "SIGBUS";
          case 8 -> "SIGFPE";
          case 9 -> "SIGKILL";
          case 11 -> "SIGSEGV";
          case 13 -> "SIGPIPE";
          case 15 -> "SIGTERM";
          case 24 -> "SIGXCPU";
          case 25 -> "SIGXFSZ";
          case 31 -> "SIGSYS";
          default -> "";
        };
    return name.isEmpty() ? "" : " (" + name + ")";
  }
}
