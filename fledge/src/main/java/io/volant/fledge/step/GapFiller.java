package io.volant.fledge.step;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.tree.Content;
import io.volant.fledge.tree.FileTree;

/** Puts things into a tree where nothing is yet: what came from a container image stays. */
final class GapFiller {
  private final FileTree tree;

  GapFiller(FileTree tree) {
    this.tree = tree;
  }

  void folder(String path, int mode) throws BuildFailure {
    if (isGap(path)) {
      tree.folder(path, mode);
    }
  }

  void link(String path, String target) throws BuildFailure {
    if (isGap(path)) {
      tree.link(path, target);
    }
  }

  void file(String path, int mode, Content content) throws BuildFailure {
    if (isGap(path)) {
      tree.file(path, mode, content);
    }
  }

  // A link that leads nowhere is something too: its target may be there once the machine runs.
  private boolean isGap(String path) throws BuildFailure {
    return tree.at(path) == null && tree.follow(path) == null;
  }
}
