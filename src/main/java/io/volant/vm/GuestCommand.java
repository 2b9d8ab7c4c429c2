package io.volant.vm;

import io.volant.model.FieldProblem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A command for a guest.
 *
 * @param words its command line, program first
 * @param environment {@code NAME=value}, in addition to the workload's
 * @param folder the absolute folder that it runs in; null: the workload's
 * @param user {@code USER} or {@code USER:GROUP}; null: root
 * @param screen the terminal that it gets; null: pipes
 */
public record GuestCommand(
    List<String> words,
    List<String> environment,
    @Nullable String folder,
    @Nullable String user,
    @Nullable Screen screen) {

  /** The most that all texts of a command may have together, in bytes of UTF-8. */
  public static final int BYTES_MAX = 60_000;

  private static final int ENTRIES_MAX = 256;
  private static final int FOLDER_BYTES_MAX = 1_024;
  private static final int TERM_LENGTH_MAX = 64;
  private static final int USER_LENGTH_MAX = 129;

  public GuestCommand {
    words = List.copyOf(words);
    environment = List.copyOf(environment);
  }

  /**
   * A terminal.
   *
   * @param rows 1 to 65535
   * @param columns 1 to 65535
   * @param term its kind, as the variable TERM says it
   */
  public record Screen(int rows, int columns, String term) {

    public static final int ROWS = 24;
    public static final int COLUMNS = 80;
    public static final String TERM = "xterm";
    public static final int SIZE_MAX = 65_535;
  }

  /** What an agent would refuse, told by the names that the API has for it. */
  public List<FieldProblem> problems() {
    List<FieldProblem> problems = new ArrayList<>();
    if (words.isEmpty() || words.size() > ENTRIES_MAX || words.getFirst().isEmpty()) {
      problems.add(
          new FieldProblem("command", "must have 1 to 256 words, the first of them a program"));
    }
    if (environment.size() > ENTRIES_MAX
        || environment.stream().anyMatch(entry -> entry.indexOf('=') < 1)) {
      problems.add(new FieldProblem("env", "must be at most 256 of NAME=value"));
    }
    String in = folder;
    if (in != null && (!in.startsWith("/") || bytes(in) > FOLDER_BYTES_MAX)) {
      problems.add(new FieldProblem("workdir", "must be an absolute path of at most 1024 bytes"));
    }
    String by = user;
    if (by != null && !by.matches("[!-9;-~]{1,64}(:[!-9;-~]{1,64})?")) {
      problems.add(new FieldProblem("user", "must be USER or USER:GROUP, names or numbers"));
    }
    Screen on = screen;
    if (on != null && !on.term().matches("[A-Za-z0-9._+-]{1," + TERM_LENGTH_MAX + "}")) {
      problems.add(new FieldProblem("term", "must be a kind of terminal such as xterm"));
    }
    size().ifPresent(problems::add);
    return problems;
  }

  private Optional<FieldProblem> size() {
    long sum = USER_LENGTH_MAX + FOLDER_BYTES_MAX;
    for (List<String> texts : List.of(words, environment)) {
      for (String text : texts) {
        if (text.indexOf('\0') >= 0) {
          return Optional.of(new FieldProblem("command", "must not have a NUL in it"));
        }
        sum += bytes(text) + "env=".length() + 1;
      }
    }
    String in = folder;
    if (in != null && in.indexOf('\0') >= 0) {
      return Optional.of(new FieldProblem("workdir", "must not have a NUL in it"));
    }
    return sum > BYTES_MAX
        ? Optional.of(
            new FieldProblem(
                "command", "is too long together with env: " + BYTES_MAX + " bytes at most"))
        : Optional.empty();
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
