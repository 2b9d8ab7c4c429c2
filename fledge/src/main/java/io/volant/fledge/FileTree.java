package io.volant.fledge;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The files of an image by absolute path, in the order of their names, so that the same files give
 * the same image however they were collected. What is put later replaces what was there, but a
 * folder and something else never replace each other.
 */
final class FileTree {
  /** More than any root file system of a workload has; a mapping of / by mistake stops here. */
  private static final int ENTRIES_MAX = 200_000;

  /** PATH_MAX of Linux, less the final NUL. */
  private static final int PATH_BYTES_MAX = 4095;

  private static final int FOLDER_MODE = 0755;

  private final SortedMap<String, TreeEntry> entries = new TreeMap<>();

  /** Puts a folder, or gives the one that is there this mode. */
  void folder(String path, int mode) throws BuildFailure {
    put(path, new TreeEntry.Folder(mode));
  }

  /** Puts a file. */
  void file(String path, int mode, Content content) throws BuildFailure {
    put(path, new TreeEntry.File(mode, content));
  }

  /** Puts a symbolic link. */
  void link(String path, String target) throws BuildFailure {
    put(path, new TreeEntry.Link(target));
  }

  /** What is at the path, if anything. */
  @Nullable TreeEntry at(String path) {
    return entries.get(path);
  }

  /** Everything, parents before what is in them. */
  SortedMap<String, TreeEntry> entries() {
    return Collections.unmodifiableSortedMap(entries);
  }

  private void put(String path, TreeEntry entry) throws BuildFailure {
    checkBounds(path);
    ensureParents(path);
    TreeEntry there = entries.get(path);
    boolean isFolder = entry instanceof TreeEntry.Folder;
    if (there != null && isFolder != there instanceof TreeEntry.Folder) {
      throw new BuildFailure(
          ExitCode.INPUT,
          path
              + " would be both a folder and something else in the image; give one another"
              + " destination");
    }
    entries.put(path, entry);
  }

  private void checkBounds(String path) throws BuildFailure {
    if (entries.size() >= ENTRIES_MAX) {
      throw new BuildFailure(
          ExitCode.INPUT, "the image would have more than " + ENTRIES_MAX + " files");
    }
    if (Content.of(path).sizeBytes() > PATH_BYTES_MAX) {
      throw new BuildFailure(
          ExitCode.INPUT, "a path in the image is too long: " + OneLine.of(path));
    }
  }

  private void ensureParents(String path) throws BuildFailure {
    for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
      String parent = path.substring(0, slash);
      TreeEntry there = entries.putIfAbsent(parent, new TreeEntry.Folder(FOLDER_MODE));
      if (there != null && !(there instanceof TreeEntry.Folder)) {
        throw new BuildFailure(
            ExitCode.INPUT,
            path + " cannot be put into the image: " + parent + " is not a folder there");
      }
    }
  }
}
