package io.volant.adapter.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The processes of this host, as /proc shows them. */
public final class ProcessTable {

  private static final Path PROC = Path.of("/proc");
  private static final Path BOOT_ID = PROC.resolve("sys/kernel/random/boot_id");

  /** Index of the start time among the fields after the program's name; field 22 of all. */
  private static final int START_TICKS_INDEX = 19;

  /**
   * A process that cannot be mistaken for a later one with the same pid.
   *
   * @param pid process id
   * @param startTicks its start time in clock ticks since the host's boot
   */
  public record ProcessIdentity(long pid, long startTicks) {}

  /** A running process and its command line. */
  public record CommandLine(ProcessIdentity identity, List<String> arguments) {
    public CommandLine {
      arguments = List.copyOf(arguments);
    }
  }

  /** Makes a reader of /proc; it holds nothing. */
  public ProcessTable() {}

  /**
   * The process that has this pid now; empty: none. A zombie has ended, and counts as none.
   *
   * @throws IOException if /proc does not say: then nothing is known
   */
  public Optional<ProcessIdentity> find(long pid) throws IOException {
    String stat;
    try {
      stat = readWhole(PROC.resolve(pid + "/stat"));
    } catch (IOException e) {
      // ENOENT, or ESRCH for one that ends while it is read. But where even our own entry cannot
      // be read, /proc is not there, and its silence means nothing.
      readWhole(PROC.resolve("self/stat"));
      if (Files.exists(PROC.resolve(Long.toString(pid)))) {
        throw e;
      }
      return Optional.empty();
    }
    return parse(pid, stat);
  }

  /**
   * Every process with such a command line. Those whose command line cannot be read, and those that
   * end meanwhile, are left out.
   */
  public List<CommandLine> matching(Predicate<List<String>> wanted) throws IOException {
    List<CommandLine> found = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (Path entry : entries) {
        long pid = Long.parseLong(String.valueOf(entry.getFileName()));
        List<String> arguments = argumentsOf(entry);
        if (!arguments.isEmpty() && wanted.test(arguments)) {
          find(pid).ifPresent(identity -> found.add(new CommandLine(identity, arguments)));
        }
      }
    }
    return found;
  }

  /** The host's boot, in which pids and start times mean something. */
  public String bootId() throws IOException {
    return readWhole(BOOT_ID).strip();
  }

  /** Reads a line of /proc/PID/stat; empty for a process that has ended. */
  static Optional<ProcessIdentity> parse(long pid, String stat) throws IOException {
    // The name is in parentheses and may hold anything, parentheses and spaces too.
    int nameEnd = stat.lastIndexOf(')');
    String[] fields = stat.substring(nameEnd + 1).strip().split(" ", -1);
    if (nameEnd < 0 || fields.length <= START_TICKS_INDEX) {
      throw new IOException("/proc/" + pid + "/stat is not as expected: " + stat.strip());
    }
    boolean ended = fields[0].equals("Z") || fields[0].equals("X");
    return ended
        ? Optional.empty()
        : Optional.of(new ProcessIdentity(pid, Long.parseLong(fields[START_TICKS_INDEX])));
  }

  private static List<String> argumentsOf(Path entry) {
    try {
      String whole = readWhole(entry.resolve("cmdline"));
      // Each word ends in a NUL, the last one too.
      String words = whole.endsWith("\0") ? whole.substring(0, whole.length() - 1) : whole;
      return whole.isEmpty() ? List.of() : List.of(words.split("\0", -1));
    } catch (IOException e) {
      return List.of();
    }
  }

  private static String readWhole(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }
}
