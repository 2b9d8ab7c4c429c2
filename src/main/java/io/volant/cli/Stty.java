package io.volant.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The terminal of this process, which Java cannot set up itself. */
final class Stty {

  private static final File TERMINAL = new File("/dev/tty");
  private static final long PATIENCE_SECONDS = 5;

  /** A size in characters. */
  record Size(int rows, int columns) {}

  private Stty() {}

  /**
   * Every key goes to the reader at once and unseen.
   *
   * @return how it was before, for {@link #restore}
   */
  static String raw() throws IOException {
    String before = run("-g");
    run("raw", "-echo");
    return before;
  }

  static void restore(String before) {
    try {
      run(before);
    } catch (IOException gone) {
      // There is no terminal any more to be restored.
      return;
    }
  }

  /** How large the terminal is, if that is known. */
  static Optional<Size> size() {
    try {
      String[] numbers = run("size").split(" ", -1);
      int rows = Integer.parseInt(numbers[0]);
      int columns = Integer.parseInt(numbers[1]);
      return rows > 0 && columns > 0 ? Optional.of(new Size(rows, columns)) : Optional.empty();
    } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException unknown) {
      return Optional.empty();
    }
  }

  private static String run(String... words) throws IOException {
    List<String> command = new ArrayList<>(List.of("stty"));
    command.addAll(List.of(words));
    Process process = new ProcessBuilder(command).redirectInput(TERMINAL).start();
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    try {
      if (process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0) {
        return said;
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
    throw new IOException("stty cannot set up this terminal");
  }
}
