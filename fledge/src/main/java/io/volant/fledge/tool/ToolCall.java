package io.volant.fledge.tool;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One call of a program. A value: what changes it gives a changed copy.
 *
 * @param tool the program
 * @param arguments without the program's name
 * @param surroundings its environment and folder
 * @param feed writes its standard input, on a thread of its own
 * @param listener gets each line it writes, as it comes, on other threads
 * @param limit how long it may take before it is killed
 */
public record ToolCall(
    Tool tool,
    List<String> arguments,
    Surroundings surroundings,
    Feed feed,
    Consumer<String> listener,
    Duration limit) {

  /** Longer than any build; what takes longer hangs. */
  private static final Duration LIMIT = Duration.ofHours(2);

  /**
   * Where a program runs.
   *
   * @param inherited whether it gets the user's environment; else PATH only
   * @param variables beside that
   * @param folder null: fledge's own
   */
  public record Surroundings(
      boolean inherited, Map<String, String> variables, @Nullable Path folder) {
    /** Copies the map. */
    public Surroundings {
      variables = Map.copyOf(variables);
    }
  }

  /** Copies the list. */
  public ToolCall {
    arguments = List.copyOf(arguments);
  }

  static ToolCall of(Tool tool, List<String> arguments) {
    return new ToolCall(
        tool, arguments, new Surroundings(true, Map.of(), null), _ -> {}, _ -> {}, LIMIT);
  }

  /** With one more variable in its environment. */
  public ToolCall with(String variable, String value) {
    Map<String, String> more = new TreeMap<>(surroundings.variables());
    more.put(variable, value);
    return with(new Surroundings(surroundings.inherited(), more, surroundings.folder()));
  }

  /** Without the user's environment, which could change what a program writes. */
  public ToolCall isolated() {
    return with(new Surroundings(false, surroundings.variables(), surroundings.folder()));
  }

  /** In another folder than fledge's own. */
  public ToolCall in(Path folder) {
    return with(new Surroundings(surroundings.inherited(), surroundings.variables(), folder));
  }

  /** With something on its standard input, which is empty otherwise. */
  public ToolCall feed(Feed other) {
    return new ToolCall(tool, arguments, surroundings, other, listener, limit);
  }

  /** With somebody who gets each line of its output and of its errors, fit for a terminal. */
  public ToolCall eachLine(Consumer<String> other) {
    return new ToolCall(tool, arguments, surroundings, feed, other, limit);
  }

  /** With another limit than two hours. */
  public ToolCall within(Duration other) {
    return new ToolCall(tool, arguments, surroundings, feed, listener, other);
  }

  /**
   * Runs it to its end. An interrupt of the calling thread kills it with all its children.
   *
   * @param code how fledge ends if the program fails
   * @return its standard output, 1 MiB at most
   * @throws BuildFailure if it does not end with 0, in time; the message has what it said last
   */
  public String run(ExitCode code) throws BuildFailure {
    return RunningTool.start(this, code).await();
  }

  private ToolCall with(Surroundings other) {
    return new ToolCall(tool, arguments, other, feed, listener, limit);
  }
}
