package io.volant.fledge.tree;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.report.OneLine;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The files of an image by absolute path, in the order of their names, so that the same files give
 * the same image however they were collected. What is put later replaces what was there.
 *
 * <p>A path is put where its symbolic links lead <em>inside the tree</em>: with {@code /bin ->
 * usr/bin} a file put at {@code /bin/x} stands at {@code /usr/bin/x}. A link cannot lead out of the
 * tree; above the root there is the root.
 */
public final class FileTree {
  /** More than any root file system of a workload has; a mapping of / by mistake stops here. */
  private static final int ENTRIES_MAX = 400_000;

  /** PATH_MAX of Linux, less the final NUL. */
  private static final int PATH_BYTES_MAX = 4095;

  private static final int NAME_BYTES_MAX = 255;

  private static final Attributes PLAIN_FOLDER = Attributes.ofRoot(0755);

  private final TreeMap<String, TreeEntry> entries = new TreeMap<>();
  private Attributes root = PLAIN_FOLDER;
  private long lastInode;

  /** Puts a folder, or gives the one that is there these attributes. */
  public void folder(String path, Attributes attributes) throws BuildFailure {
    if (path.equals("/")) {
      root = attributes;
      return;
    }
    putUnlessOther(path, new TreeEntry.Folder(attributes));
  }

  /** Puts a folder of root's. */
  public void folder(String path, int mode) throws BuildFailure {
    folder(path, Attributes.ofRoot(mode));
  }

  /** Puts a file. */
  public void file(String path, Attributes attributes, Content content) throws BuildFailure {
    putUnlessOther(path, newFile(attributes, content));
  }

  /** Puts a file of root's. */
  public void file(String path, int mode, Content content) throws BuildFailure {
    file(path, Attributes.ofRoot(mode), content);
  }

  /** Puts a symbolic link of root's. */
  public void link(String path, String target) throws BuildFailure {
    putUnlessOther(path, new TreeEntry.Link(Attributes.ofRoot(0777), target));
  }

  /** A file for {@link #replace}, which is no other file's hard link. */
  public TreeEntry.File newFile(Attributes attributes, Content content) {
    lastInode++;
    return new TreeEntry.File(attributes, content, lastInode);
  }

  /**
   * Puts whatever it is, as a layer does: something else that was there goes, with all that was in
   * it. A folder put over a folder keeps what is in it.
   *
   * @return where it stands, after links
   */
  public String replace(String path, TreeEntry entry) throws BuildFailure {
    String place = place(path);
    checkBounds(place);
    ensureParents(place);
    boolean bothFolders =
        entry instanceof TreeEntry.Folder && entries.get(place) instanceof TreeEntry.Folder;
    if (!bothFolders) {
      clear(place);
    }
    entries.put(place, entry);
    return place;
  }

  /** Takes away what is at the path, with all that is in it. */
  public void remove(String path) throws BuildFailure {
    String place = place(path);
    clear(place);
    entries.remove(place);
  }

  /** What is in the folder at the path, at every depth; a view by full path. */
  public SortedMap<String, TreeEntry> below(String path) {
    // Everything that begins with "path/": '0' is the character after '/'.
    return path.equals("/")
        ? Collections.unmodifiableSortedMap(entries)
        : Collections.unmodifiableSortedMap(entries.subMap(path + "/", path + "0"));
  }

  /** What is at exactly this path, if anything. Links are not followed. */
  public @Nullable TreeEntry at(String path) {
    return entries.get(path);
  }

  /** The file, folder or device that the path leads to inside the tree, if any. */
  public @Nullable TreeEntry follow(String path) throws BuildFailure {
    String place = TreePath.resolve(this, path, true);
    return place.equals("/") ? new TreeEntry.Folder(root) : entries.get(place);
  }

  /**
   * Where something that is put at the path stands: links on the way are followed, one at the end
   * is not.
   */
  public String place(String path) throws BuildFailure {
    return TreePath.resolve(this, path, false);
  }

  /** Everything but the root, parents before what is in them. */
  public SortedMap<String, TreeEntry> entries() {
    return Collections.unmodifiableSortedMap(entries);
  }

  /** The attributes of the root folder. */
  public Attributes root() {
    return root;
  }

  /** How many bytes all files have together; a file with several names counts once. */
  public long contentBytes() {
    Set<Long> seen = new HashSet<>();
    long bytes = 0;
    for (TreeEntry entry : entries.values()) {
      if (entry instanceof TreeEntry.File(_, var content, var inode) && seen.add(inode)) {
        bytes += content.sizeBytes();
      }
    }
    return bytes;
  }

  private void clear(String place) {
    entries.subMap(place + "/", place + "0").clear();
  }

  private void putUnlessOther(String path, TreeEntry entry) throws BuildFailure {
    String place = place(path);
    checkBounds(place);
    ensureParents(place);
    TreeEntry there = entries.get(place);
    boolean isFolder = entry instanceof TreeEntry.Folder;
    if (there != null && isFolder != there instanceof TreeEntry.Folder) {
      if (isFolder && follow(place) instanceof TreeEntry.Folder) {
        return; // a link to a folder serves as one, with the attributes that it has
      }
      throw new BuildFailure(
          ExitCode.INPUT,
          path
              + " would be both a folder and something else in the image; give one another"
              + " destination");
    }
    entries.put(place, entry);
  }

  private void checkBounds(String path) throws BuildFailure {
    if (entries.size() >= ENTRIES_MAX) {
      throw new BuildFailure(
          ExitCode.INPUT, "the image would have more than " + ENTRIES_MAX + " files");
    }
    boolean nameTooLong = bytes(path.substring(path.lastIndexOf('/') + 1)) > NAME_BYTES_MAX;
    if (nameTooLong || bytes(path) > PATH_BYTES_MAX) {
      throw new BuildFailure(
          ExitCode.INPUT, "a path in the image is too long: " + OneLine.of(path));
    }
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private void ensureParents(String path) throws BuildFailure {
    for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
      String parent = path.substring(0, slash);
      TreeEntry there = entries.putIfAbsent(parent, new TreeEntry.Folder(PLAIN_FOLDER));
      if (there != null && !(there instanceof TreeEntry.Folder)) {
        throw new BuildFailure(
            ExitCode.INPUT,
            OneLine.of(path)
                + " cannot be put into the image: "
                + parent
                + " is not a folder there");
      }
    }
  }
}
