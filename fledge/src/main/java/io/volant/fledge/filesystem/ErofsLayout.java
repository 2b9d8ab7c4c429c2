package io.volant.fledge.filesystem;

import io.volant.fledge.tree.FileTree;
import io.volant.fledge.tree.TreeEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Where everything of a tree stands in an erofs: one block with the superblock, the inodes with the
 * ends of their contents, and the blocks of the contents. All sizes are known before anything is
 * written.
 */
final class ErofsLayout {
  static final int BLOCK_BYTES = 4096;

  /** Behind the superblock. */
  static final int FIRST_INODE_BLOCK = 1;

  private final List<ErofsInode> inodes = new ArrayList<>();
  private final Map<String, ErofsInode> folders = new HashMap<>();
  private final Map<Long, ErofsInode> files = new HashMap<>();
  private long blocks;

  private ErofsLayout() {}

  static ErofsLayout of(FileTree tree) {
    ErofsLayout layout = new ErofsLayout();
    layout.addRoot(tree);
    for (Map.Entry<String, TreeEntry> entry : tree.entries().entrySet()) {
      layout.add(entry.getKey(), entry.getValue());
    }
    layout.place();
    return layout;
  }

  /** Each once, in the order of their places; the root is the first. */
  List<ErofsInode> inodes() {
    return inodes;
  }

  /** How large the image is. */
  long blocks() {
    return blocks;
  }

  private void addRoot(FileTree tree) {
    // The number of the root has 16 bits only, so it must be one of the first.
    ErofsInode root = new ErofsInode("/", new TreeEntry.Folder(tree.root()));
    inodes.add(root);
    addFolder("", root, root);
  }

  private void add(String path, TreeEntry entry) {
    int slash = path.lastIndexOf('/');
    ErofsInode parent = Objects.requireNonNull(folders.get(path.substring(0, slash)));
    ErofsInode inode =
        entry instanceof TreeEntry.File file
            ? files.computeIfAbsent(file.inode(), _ -> added(path, entry))
            : added(path, entry);
    inode.addName();
    Objects.requireNonNull(parent.folder()).add(path.substring(slash + 1), inode);
    if (entry instanceof TreeEntry.Folder) {
      addFolder(path, inode, parent);
    }
  }

  private ErofsInode added(String path, TreeEntry entry) {
    ErofsInode inode = new ErofsInode(path, entry);
    inodes.add(inode);
    return inode;
  }

  private void addFolder(String path, ErofsInode inode, ErofsInode parent) {
    folders.put(path, inode);
    ErofsFolder folder = Objects.requireNonNull(inode.folder());
    folder.add(".", inode);
    folder.add("..", parent);
    inode.addName();
    parent.addName();
  }

  private void place() {
    long slot = 0;
    for (ErofsInode inode : inodes) {
      inode.measure();
      slot = inode.place(slot);
    }
    long inodeBlocks = (slot * ErofsInode.SLOT_BYTES + BLOCK_BYTES - 1) / BLOCK_BYTES;
    blocks = FIRST_INODE_BLOCK + inodeBlocks;
    for (ErofsInode inode : inodes) {
      inode.placeBlocks(inode.blocks() > 0 ? blocks : 0);
      blocks += inode.blocks();
    }
  }
}
