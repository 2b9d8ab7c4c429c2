package io.volant.fledge.tree;

import java.io.IOException;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.Map;

/**
 * Writes a tree as a POSIX tar with nothing left out: owners of any number, names of any length,
 * hard links, devices, and extended attributes byte by byte. The root folder is the first entry.
 * The same tree gives the same bytes.
 */
public final class TarWriter {
  private static final char FILE = '0';
  private static final char HARD_LINK = '1';
  private static final char LINK = '2';
  private static final char CHARACTER_DEVICE = '3';
  private static final char BLOCK_DEVICE = '4';
  private static final char FOLDER = '5';
  private static final char FIFO = '6';

  private final OutputStream output;
  private final Map<Long, String> nameOfInode = new HashMap<>();

  private TarWriter(OutputStream output) {
    this.output = output;
  }

  /** Writes everything. The stream stays open; one with a buffer is quicker. */
  public static void write(FileTree tree, OutputStream output) throws IOException {
    new TarWriter(output).writeAll(tree);
  }

  private void writeAll(FileTree tree) throws IOException {
    new TarHeader(FOLDER, "./", tree.root()).write(output);
    for (Map.Entry<String, TreeEntry> entry : tree.entries().entrySet()) {
      // Names in the archive are relative to the root.
      write(entry.getKey().substring(1), entry.getValue());
    }
    output.write(new byte[2 * TarHeader.BLOCK_BYTES]);
  }

  private void write(String name, TreeEntry entry) throws IOException {
    Attributes attributes = entry.attributes();
    switch (entry) {
      case TreeEntry.Folder _ -> new TarHeader(FOLDER, name + "/", attributes).write(output);
      case TreeEntry.Link(_, var target) ->
          new TarHeader(LINK, name, attributes).target(target).write(output);
      case TreeEntry.Device(_, var kind, var major, var minor) ->
          new TarHeader(typeOf(kind), name, attributes).device(major, minor).write(output);
      case TreeEntry.Fifo _ -> new TarHeader(FIFO, name, attributes).write(output);
      case TreeEntry.File file -> writeFile(name, file);
    }
  }

  private static char typeOf(TreeEntry.Device.Kind kind) {
    return switch (kind) {
      case CHARACTER -> CHARACTER_DEVICE;
      case BLOCK -> BLOCK_DEVICE;
    };
  }

  private void writeFile(String name, TreeEntry.File file) throws IOException {
    String earlier = nameOfInode.putIfAbsent(file.inode(), name);
    if (earlier != null) {
      new TarHeader(HARD_LINK, name, file.attributes()).target(earlier).write(output);
      return;
    }
    Content content = file.content();
    new TarHeader(FILE, name, file.attributes()).size(content.sizeBytes()).write(output);
    ContentCopy.copy("/" + name, content, output);
    output.write(new byte[TarHeader.padding(content.sizeBytes())]);
  }
}
