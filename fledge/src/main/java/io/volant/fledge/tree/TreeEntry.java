package io.volant.fledge.tree;

/** What stands at one path of the image. */
public sealed interface TreeEntry {

  /** Owner, permissions, time. */
  Attributes attributes();

  /** A folder. */
  record Folder(Attributes attributes) implements TreeEntry {}

  /**
   * A file.
   *
   * @param inode the same number at two paths means one file with two names (a hard link); {@link
   *     FileTree} gives the numbers out
   */
  record File(Attributes attributes, Content content, long inode) implements TreeEntry {}

  /** A symbolic link. Its mode is always 0777. */
  record Link(Attributes attributes, String target) implements TreeEntry {}

  /** A device node. */
  record Device(Attributes attributes, Kind kind, int major, int minor) implements TreeEntry {

    /** The two kinds. */
    public enum Kind {
      CHARACTER,
      BLOCK
    }
  }

  /** A named pipe. */
  record Fifo(Attributes attributes) implements TreeEntry {}
}
