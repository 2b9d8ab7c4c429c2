package io.volant.adapter.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Runs programs of the host: an argument list and never a shell, with a time limit and bounded
 * output. Blocks its caller, so callers are on threads that may wait.
 */
public final class CommandRunner {

  /** What a program may say; the rest is read and dropped. */
  private static final int OUTPUT_BYTES_MAX = 1024 * 1024;

  private static final int ERROR_CHARACTERS_MAX = 2000;

  /** Where administrators' programs are, which an ordinary user's PATH leaves out. */
  private static final List<String> EXTRA_FOLDERS =
      List.of("/usr/sbin", "/sbin", "/usr/bin", "/bin");

  /** Debian's package of the programs that we run. */
  private static final Map<String, String> PACKAGES =
      Map.of(
          "ip", "iproute2",
          "nft", "nftables",
          "setsid", "util-linux",
          "qemu-img", "qemu-utils",
          "mkfs.ext4", "e2fsprogs",
          "mkfs.vfat", "dosfstools",
          "mcopy", "mtools");

  private final Duration timeout;

  /**
   * @param timeout how long a program may take before it is killed
   */
  public CommandRunner(Duration timeout) {
    this.timeout = timeout;
  }

  /**
   * Runs a program to its end.
   *
   * @param arguments the program's name or absolute path, then its arguments
   * @param input its standard input
   * @return its standard output
   * @throws CommandException if it is not installed, exits with another code than 0, or takes too
   *     long; the message has the command and what it wrote to stderr
   */
  public String run(List<String> arguments, String input)
      throws CommandException, InterruptedException {
    String program = arguments.getFirst();
    List<String> command = new ArrayList<>(arguments);
    command.set(0, locate(program).orElseThrow(() -> missing(program)).toString());
    Process process = start(command);
    try {
      CompletableFuture<String> output = drain(process.getInputStream());
      CompletableFuture<String> errors = drain(process.getErrorStream());
      feed(process.getOutputStream(), input);
      if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new CommandException(
            shown(arguments) + " did not end within " + timeout.toMillis() + " ms and was killed");
      }
      if (process.exitValue() != 0) {
        throw new CommandException(
            shown(arguments)
                + " failed with code "
                + process.exitValue()
                + ": "
                + shortened(errors.join().isBlank() ? output.join() : errors.join()));
      }
      return output.join();
    } finally {
      process.destroyForcibly();
    }
  }

  /** The program's file, looked for in PATH and in the folders of administrators' programs. */
  public static Optional<Path> locate(String program) {
    if (program.startsWith("/")) {
      return Optional.of(Path.of(program)).filter(Files::isExecutable);
    }
    String searched = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.concat(Stream.of(searched.split(":", -1)), EXTRA_FOLDERS.stream())
        .filter(folder -> folder.startsWith("/"))
        .map(folder -> Path.of(folder, program))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst();
  }

  /** What to say of a program that is not there. */
  public static CommandException missing(String program) {
    String packageName = PACKAGES.get(program);
    return new CommandException(
        "the program "
            + program
            + " is not installed"
            + (packageName == null
                ? ""
                : ": get it with apt-get install " + packageName + " (Debian, Ubuntu)"));
  }

  private static Process start(List<String> command) throws CommandException {
    ProcessBuilder builder = new ProcessBuilder(command);
    // Messages are compared and shown: they must not depend on the user's language.
    builder.environment().put("LC_ALL", "C");
    try {
      return builder.start();
    } catch (IOException e) {
      throw new CommandException("cannot start " + shown(command) + ": " + e.getMessage());
    }
  }

  private static void feed(OutputStream stdin, String input) {
    try (stdin) {
      stdin.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // It ended without reading: its exit code and stderr say why, and better than "broken pipe".
      return;
    }
  }

  private static CompletableFuture<String> drain(InputStream stream) {
    CompletableFuture<String> text = new CompletableFuture<>();
    Thread.startVirtualThread(() -> {
      try (stream) {
        byte[] kept = stream.readNBytes(OUTPUT_BYTES_MAX);
        stream.transferTo(OutputStream.nullOutputStream());
        text.complete(new String(kept, StandardCharsets.UTF_8));
      } catch (IOException e) {
        // The pipe was closed under us because the program was killed.
        text.complete("");
      }
    });
    return text;
  }

  private static String shown(List<String> arguments) {
    return "\"" + shortened(String.join(" ", arguments)) + "\"";
  }

  private static String shortened(String text) {
    String line = text.strip().replaceAll("\\s*\n\\s*", "; ");
    return line.length() <= ERROR_CHARACTERS_MAX
        ? line
        : line.substring(0, ERROR_CHARACTERS_MAX) + "…";
  }
}
