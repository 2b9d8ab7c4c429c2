package io.volant.fledge.filesystem;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.tree.Attributes;
import io.volant.fledge.tree.FileTree;
import io.volant.fledge.tree.TreeEntry;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A tree as mkfs.xfs wants to be told it: a line of words for each file, a folder's files behind
 * it, and a dollar sign where it ends. Words cannot be quoted.
 */
final class XfsPrototype {
  private static final Pattern WORD =
      Pattern.compile("[^\\s\\p{Cntrl}:\"\\\\$#][^\\s\\p{Cntrl}\"\\\\]*");
  private static final int SET_USER = 04000;
  private static final int SET_GROUP = 02000;
  private static final int STICKY = 01000;
  private static final int PERMISSIONS = 0777;
  private static final long TIME_S_MAX = 0xFFFF_FFFFL;
  private static final long FIRST_TIME_S = 1L << 31;
  private static final long NANOSECONDS = 1_000_000_000;
  private static final List<String> TIMES =
      List.of("core.atime.sec", "core.mtime.sec", "core.ctime.sec", "v3.crtime.sec");

  private final FileTree tree;
  private final Map<String, List<String>> namesOfFolder = new HashMap<>();

  private XfsPrototype(FileTree tree) {
    this.tree = tree;
  }

  /** Refuses what the words cannot say. */
  static XfsPrototype of(FileTree tree) throws BuildFailure {
    XfsPrototype prototype = new XfsPrototype(tree);
    for (Map.Entry<String, TreeEntry> entry : tree.entries().entrySet()) {
      String path = entry.getKey();
      int slash = path.lastIndexOf('/');
      prototype.check(path, path.substring(slash + 1));
      if (entry.getValue() instanceof TreeEntry.Link(_, var target)) {
        prototype.check(path, target);
      }
      prototype
          .namesOfFolder
          .computeIfAbsent(path.substring(0, slash), _ -> new ArrayList<>())
          .add(path.substring(slash + 1));
    }
    return prototype;
  }

  private void check(String path, String word) throws BuildFailure {
    if (!WORD.matcher(word).matches()) {
      throw Refusal.of(
          FilesystemType.XFS,
          path,
          "has a blank or another special character in its name or target");
    }
  }

  /** Writes all lines, and each content to a file of its own. */
  void write(Writer lines, NumberedFiles files) throws IOException {
    lines.write("/dev/null\n0 0\n" + words('d', tree.root()) + "\n");
    writeFolder("", lines, files);
    lines.write("$\n");
  }

  private void writeFolder(String folder, Writer lines, NumberedFiles files) throws IOException {
    for (String name : namesOfFolder.getOrDefault(folder, List.of())) {
      String path = folder + "/" + name;
      TreeEntry entry = tree.entries().get(path);
      if (entry != null) {
        lines.write(name + " " + words(path, entry, files) + "\n");
        if (entry instanceof TreeEntry.Folder) {
          writeFolder(path, lines, files);
          lines.write("$\n");
        }
      }
    }
  }

  private static String words(String path, TreeEntry entry, NumberedFiles files)
      throws IOException {
    Attributes attributes = entry.attributes();
    return switch (entry) {
      case TreeEntry.Folder _ -> words('d', attributes);
      case TreeEntry.File(_, var content, _) ->
          words('-', attributes) + " " + files.add(path, content);
      case TreeEntry.Link(_, var target) -> words('l', attributes) + " " + target;
      case TreeEntry.Fifo _ -> words('p', attributes);
      case TreeEntry.Device(_, var kind, var major, var minor) -> {
        char letter = kind == TreeEntry.Device.Kind.BLOCK ? 'b' : 'c';
        yield words(letter, attributes) + " " + major + " " + minor;
      }
    };
  }

  private static String words(char kind, Attributes attributes) {
    int mode = kind == 'l' ? PERMISSIONS : attributes.mode();
    return String.format(
        Locale.ROOT,
        "%c%c%c%03o %s %s",
        kind,
        (mode & SET_USER) == 0 ? '-' : 'u',
        (mode & SET_GROUP) == 0 ? '-' : 'g',
        mode & PERMISSIONS,
        Integer.toUnsignedString(attributes.uid()),
        Integer.toUnsignedString(attributes.gid()));
  }

  /** The commands by which xfs_db sets what a line cannot say: times and the sticky bit. */
  void writeCorrections(Writer commands) throws IOException {
    writeCorrection("/", new TreeEntry.Folder(tree.root()), commands);
    for (Map.Entry<String, TreeEntry> entry : tree.entries().entrySet()) {
      writeCorrection(entry.getKey(), entry.getValue(), commands);
    }
  }

  private static void writeCorrection(String path, TreeEntry entry, Writer commands)
      throws IOException {
    Attributes attributes = entry.attributes();
    commands.write("path " + path + "\n");
    // xfs_db calls it seconds, and means nanoseconds since 1901
    long time = (Math.clamp(attributes.modifiedS(), 0, TIME_S_MAX) + FIRST_TIME_S) * NANOSECONDS;
    for (String field : TIMES) {
      commands.write("write " + field + " " + time + "\n");
    }
    commands.write("write core.gen 0\n"); // random otherwise
    if (entry instanceof TreeEntry.Folder && (attributes.mode() & STICKY) != 0) {
      String mode = Integer.toOctalString(0040000 | attributes.mode());
      commands.write("write core.mode 0" + mode + "\n");
    }
  }

  /** What even the corrections cannot say. */
  List<String> losses() {
    List<String> losses = new ArrayList<>();
    long extended =
        tree.entries().values().stream()
            .filter(entry -> !entry.attributes().extended().isEmpty())
            .count();
    if (extended > 0) {
      losses.add("xfs: extended attributes of " + extended + " files are left out");
    }
    long files = tree.entries().values().stream().filter(TreeEntry.File.class::isInstance).count();
    long inodes =
        tree.entries().values().stream()
            .filter(TreeEntry.File.class::isInstance)
            .map(entry -> ((TreeEntry.File) entry).inode())
            .distinct()
            .count();
    if (files > inodes) {
      losses.add("xfs: " + (files - inodes) + " hard links become files of their own");
    }
    return losses;
  }
}
