package io.volant.fledge.filesystem;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.tree.Attributes;
import io.volant.fledge.tree.Content;
import io.volant.fledge.tree.FileTree;
import io.volant.fledge.tree.TreeEntry;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The commands by which debugfs makes a tree. A command is a line of words, and words from an image
 * are only ever names in quotation marks: inodes are addressed by their numbers, which count up
 * from the first free one.
 */
final class Ext4Script {
  private static final String LOST_AND_FOUND = "/lost+found";
  private static final int ROOT_INODE = 2;
  private static final int LOST_AND_FOUND_INODE = 11;

  private static final int NAMES_MAX = 65_000;

  /** Later ones do not fit into the field that debugfs sets. 0 means now to it. */
  private static final long TIME_S_MAX = Integer.MAX_VALUE;

  private static final int FOLDER = 0040000;
  private static final int FILE = 0100000;
  private static final int LINK_TYPE_AND_MODE = 0120777;
  private static final int CHARACTER_DEVICE = 0020000;
  private static final int BLOCK_DEVICE = 0060000;
  private static final int FIFO = 0010000;

  /** An entry of a folder, beside its name; and what a block has room for. */
  private static final int DIRECTORY_ENTRY_BYTES = 12;

  private static final int NEW_ROOM_BYTES = Ext4Size.BLOCK_BYTES - 2 * DIRECTORY_ENTRY_BYTES;

  /**
   * Which inodes were given out with a word about it, in which order.
   *
   * @param count how many
   * @param hash of the numbers
   */
  record Allocated(long count, long hash) {
    static final Allocated NONE = new Allocated(0, 0);

    Allocated and(long inode) {
      return new Allocated(count + 1, hash * 1_000_003 + inode);
    }
  }

  private final FileTree tree;
  private final NumberedFiles files;
  private final Map<String, Integer> inodeOfFolder = new HashMap<>();
  private final Map<Long, Integer> inodeOfFile = new HashMap<>();
  private final Map<Long, Integer> namesOfFile = new LinkedHashMap<>();
  private final Map<Integer, Integer> roomForNames = new HashMap<>();
  private Writer commands = Writer.nullWriter();
  private Allocated allocated = Allocated.NONE;
  private int lastInode = LOST_AND_FOUND_INODE;
  private int currentFolder = ROOT_INODE;
  private long currentTimeS;

  Ext4Script(FileTree tree, NumberedFiles files) {
    this.tree = tree;
    this.files = files;
  }

  /** What debugfs must say that it has allocated, once all is written. */
  Allocated allocated() {
    return allocated;
  }

  /** Refuses what cannot be said in a line. */
  static void check(FileTree tree) throws BuildFailure {
    Map<Long, Integer> names = new HashMap<>();
    for (Map.Entry<String, TreeEntry> entry : tree.entries().entrySet()) {
      String path = entry.getKey();
      Ext4Words.check(path, nameOf(path));
      for (String name : entry.getValue().attributes().extended().keySet()) {
        Ext4Words.check(path, name);
      }
      if (entry.getValue() instanceof TreeEntry.Link(_, var target)) {
        Ext4Words.check(path, target);
      }
      if (entry.getValue() instanceof TreeEntry.File(_, _, var inode)
          && names.merge(inode, 1, Integer::sum) > NAMES_MAX) {
        throw Ext4Words.refused(path, "has more than " + NAMES_MAX + " names");
      }
    }
    TreeEntry there = tree.at(LOST_AND_FOUND);
    if (there != null && !(there instanceof TreeEntry.Folder)) {
      throw Ext4Words.refused(LOST_AND_FOUND, "is not a folder");
    }
  }

  /** Writes all commands, and each file's content to the disk before the command that wants it. */
  void write(OutputStream input) throws IOException {
    commands = new BufferedWriter(new OutputStreamWriter(input, StandardCharsets.UTF_8));
    inodeOfFolder.put("", ROOT_INODE);
    describe("/", ROOT_INODE, FOLDER, tree.root());
    for (Map.Entry<String, TreeEntry> entry : tree.entries().entrySet()) {
      enter(entry.getKey().substring(0, entry.getKey().lastIndexOf('/')));
      add(entry.getKey(), entry.getValue());
    }
    for (Map.Entry<Long, Integer> file : namesOfFile.entrySet()) {
      if (file.getValue() > 1) {
        say("sif <" + inodeOfFile.get(file.getKey()) + "> links_count " + file.getValue());
      }
    }
    setTime(Attributes.FIXED_TIME_S); // for the superblock
    commands.flush();
  }

  private void enter(String folder) throws IOException {
    int inode = Objects.requireNonNull(inodeOfFolder.get(folder));
    if (inode != currentFolder) {
      say("cd <" + inode + ">");
      currentFolder = inode;
    }
  }

  private void add(String path, TreeEntry entry) throws IOException {
    String name = nameOf(path);
    roomForNames.computeIfPresent(currentFolder, (_, room) -> room - roomOf(name));
    Attributes attributes = entry.attributes();
    setTime(attributes.modifiedS());
    switch (entry) {
      case TreeEntry.Folder _ -> addFolder(path, attributes);
      case TreeEntry.File file -> addFile(path, file);
      case TreeEntry.Link(_, var target) -> {
        say("symlink " + Ext4Words.quoted(name) + " " + Ext4Words.quoted(target));
        lastInode++; // without a word
        describe(path, lastInode, LINK_TYPE_AND_MODE, attributes);
      }
      case TreeEntry.Device(_, var kind, var major, var minor) -> {
        boolean isBlock = kind == TreeEntry.Device.Kind.BLOCK;
        String letter = isBlock ? " b " : " c ";
        say("mknod " + Ext4Words.quoted(name) + letter + major + " " + minor);
        describe(path, nextInode(), isBlock ? BLOCK_DEVICE : CHARACTER_DEVICE, attributes);
      }
      case TreeEntry.Fifo _ -> {
        say("mknod " + Ext4Words.quoted(name) + " p");
        describe(path, nextInode(), FIFO, attributes);
      }
    }
  }

  private void addFolder(String path, Attributes attributes) throws IOException {
    int inode = LOST_AND_FOUND_INODE;
    if (!path.equals(LOST_AND_FOUND)) {
      say("mkdir " + Ext4Words.quoted(nameOf(path)));
      lastInode++; // without a word
      inode = lastInode;
    }
    inodeOfFolder.put(path, inode);
    describe(path, inode, FOLDER, attributes);
  }

  private void addFile(String path, TreeEntry.File file) throws IOException {
    String name = nameOf(path);
    namesOfFile.merge(file.inode(), 1, Integer::sum);
    Integer there = inodeOfFile.get(file.inode());
    if (there != null) {
      makeRoom(name);
      say("ln <" + there + "> " + Ext4Words.quoted(name));
      return;
    }
    String source = files.add(path, file.content());
    say("write " + source + " " + Ext4Words.quoted(name));
    int inode = nextInode();
    inodeOfFile.put(file.inode(), inode);
    describe(path, inode, FILE, file.attributes());
  }

  /** Unlike the other commands, ln fails if the folder must grow for it. */
  private void makeRoom(String name) throws IOException {
    int room = roomForNames.getOrDefault(currentFolder, -1);
    if (room < 0) {
      say("expand <" + currentFolder + ">");
      roomForNames.put(currentFolder, NEW_ROOM_BYTES - roomOf(name));
    }
  }

  private static int roomOf(String name) {
    return DIRECTORY_ENTRY_BYTES + name.getBytes(StandardCharsets.UTF_8).length;
  }

  private int nextInode() {
    lastInode++;
    allocated = allocated.and(lastInode);
    return lastInode;
  }

  private void describe(String path, int inode, int type, Attributes attributes)
      throws IOException {
    String set = "sif <" + inode + "> ";
    say(set + "mode 0" + Integer.toOctalString(type | attributes.mode()));
    if (attributes.uid() != 0) {
      say(set + "uid " + Integer.toUnsignedString(attributes.uid()));
    }
    if (attributes.gid() != 0) {
      say(set + "gid " + Integer.toUnsignedString(attributes.gid()));
    }
    if (inode <= LOST_AND_FOUND_INODE || attributes.modifiedS() <= 0) {
      // made before the time could be told, or at a time that cannot be told
      say(set + "mtime @" + Math.clamp(attributes.modifiedS(), 0, TIME_S_MAX));
    }
    for (Map.Entry<String, String> one : attributes.extended().entrySet()) {
      byte[] value = one.getValue().getBytes(StandardCharsets.ISO_8859_1);
      String source = files.add(path, Content.of(value));
      say("ea_set -f " + source + " <" + inode + "> " + Ext4Words.quoted(one.getKey()));
    }
  }

  private void setTime(long timeS) throws IOException {
    long known = Math.clamp(timeS, 1, TIME_S_MAX);
    if (known != currentTimeS) {
      say("set_current_time @" + known);
      currentTimeS = known;
    }
  }

  private void say(String command) throws IOException {
    commands.write(command + "\n");
  }

  private static String nameOf(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
