package io.volant.fledge.tool;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A program of the host, which was there when it was looked for.
 *
 * @param name what people call it
 * @param file where it is
 * @param folders where the programs that it runs itself are looked for, too
 */
public record Tool(String name, Path file, Set<Path> folders) {
  /** Copies the set, whose order counts. */
  public Tool {
    folders = Collections.unmodifiableSet(new LinkedHashSet<>(folders));
  }

  /** A call with these arguments. */
  public ToolCall call(String... arguments) {
    return call(List.of(arguments));
  }

  /** A call with these arguments. */
  public ToolCall call(List<String> arguments) {
    return ToolCall.of(this, arguments);
  }
}
