package io.volant.fledge;

/** What stands at one path of the image. The owner is always root. */
sealed interface TreeEntry {
  /** A folder. */
  record Folder(int mode) implements TreeEntry {}

  /** A file. */
  record File(int mode, Content content) implements TreeEntry {}

  /** A symbolic link. */
  record Link(String target) implements TreeEntry {}
}
