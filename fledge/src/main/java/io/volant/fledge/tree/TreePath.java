package io.volant.fledge.tree;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.report.OneLine;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Follows a path through the links of a tree, as a kernel would that has the tree as its root: what
 * leads above the root stays at the root.
 */
final class TreePath {
  /** As many as Linux follows. */
  private static final int LINKS_MAX = 40;

  private TreePath() {}

  /**
   * Where the path leads.
   *
   * @param path absolute
   * @param followLast whether a link at the end is followed too
   */
  static String resolve(FileTree tree, String path, boolean followLast) throws BuildFailure {
    Deque<String> left = new ArrayDeque<>(parts(path));
    List<String> done = new ArrayList<>();
    int links = 0;
    while (!left.isEmpty()) {
      String part = left.removeFirst();
      if (part.equals("..")) {
        if (!done.isEmpty()) {
          done.removeLast();
        }
        continue;
      }
      done.add(part);
      boolean mayFollow = followLast || !left.isEmpty();
      if (mayFollow && tree.at(joined(done)) instanceof TreeEntry.Link(_, var target)) {
        links++;
        if (links > LINKS_MAX) {
          throw new BuildFailure(
              ExitCode.INPUT, "the links of the image lead in a circle at " + OneLine.of(path));
        }
        done.removeLast();
        if (target.startsWith("/")) {
          done.clear();
        }
        parts(target).reversed().forEach(left::addFirst);
      }
    }
    return joined(done);
  }

  private static List<String> parts(String path) {
    return Arrays.stream(path.split("/", -1))
        .filter(part -> !part.isEmpty() && !part.equals("."))
        .toList();
  }

  private static String joined(List<String> parts) {
    return "/" + String.join("/", parts);
  }
}
