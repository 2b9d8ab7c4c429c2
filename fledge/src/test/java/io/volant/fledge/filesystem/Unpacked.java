package io.volant.fledge.filesystem;

import static org.assertj.core.api.Assertions.assertThat;

import io.volant.fledge.report.ExitCode;
import io.volant.fledge.tool.Tools;
import io.volant.fledge.tree.Attributes;
import io.volant.fledge.tree.FileTree;
import io.volant.fledge.tree.TreeEntry;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;

/** Compares what a tool or the kernel has made of an image with the tree it was written from. */
final class Unpacked {
  private static final int KIND = 0170000;

  private final FileTree tree;
  private final Path folder;
  private final Map<Long, Object> inodes = new HashMap<>();

  private Unpacked(FileTree tree, Path folder) {
    this.tree = tree;
    this.folder = folder;
  }

  /** Everything but extended attributes. */
  static void check(FileTree tree, Path folder) throws Exception {
    new Unpacked(tree, folder).checkAll();
  }

  /** The extended attributes of {@link Samples#everything}. */
  static void checkExtended(Path folder) throws Exception {
    assertThat(Files.getAttribute(folder.resolve("capable"), "user:odd"))
        .isEqualTo(Samples.ODD_BYTES.getBytes(StandardCharsets.ISO_8859_1));
    assertThat(Files.getAttribute(folder.resolve("labelled"), "user:label"))
        .isEqualTo("a b".getBytes(StandardCharsets.ISO_8859_1));
    String capable =
        Tools.ofHost()
            .find("getcap", "libcap2-bin")
            .call(folder.resolve("capable").toString())
            .run(ExitCode.OUTPUT);
    assertThat(capable.strip()).endsWith("capable cap_net_bind_service=ep");
  }

  private void checkAll() throws Exception {
    checkAttributes(folder, 0040000, tree.root());
    for (Map.Entry<String, TreeEntry> entry : tree.entries().entrySet()) {
      Path file = folder.resolve(entry.getKey().substring(1));
      check(file, entry.getValue());
    }
    long count;
    try (var files = Files.walk(folder)) {
      count = files.filter(file -> !file.endsWith("lost+found")).count();
    }
    assertThat(count).isEqualTo(tree.entries().size() + 1);
  }

  private void check(Path file, TreeEntry entry) throws Exception {
    Attributes attributes = entry.attributes();
    switch (entry) {
      case TreeEntry.Folder _ -> checkAttributes(file, 0040000, attributes);
      case TreeEntry.Fifo _ -> checkAttributes(file, 0010000, attributes);
      case TreeEntry.Link(_, var target) -> {
        checkAttributes(file, 0120000, attributes);
        assertThat(Files.readSymbolicLink(file).toString()).isEqualTo(target);
      }
      case TreeEntry.Device(_, var kind, var major, var minor) -> {
        boolean isBlock = kind == TreeEntry.Device.Kind.BLOCK;
        checkAttributes(file, isBlock ? 0060000 : 0020000, attributes);
        long number = (minor & 0xFF) | ((long) major << 8) | ((long) (minor & ~0xFF) << 12);
        assertThat(attribute(file, "rdev")).as("%s", file).isEqualTo(number);
      }
      case TreeEntry.File(_, var content, var inode) -> {
        checkAttributes(file, 0100000, attributes);
        try (InputStream bytes = content.open()) {
          assertThat(file).hasBinaryContent(bytes.readAllBytes());
        }
        Object number = attribute(file, "ino");
        assertThat(inodes.getOrDefault(inode, number)).as("%s", file).isEqualTo(number);
        inodes.put(inode, number);
      }
    }
  }

  private static void checkAttributes(Path file, int kind, Attributes attributes) throws Exception {
    int mode = (int) attribute(file, "mode");
    assertThat(mode & KIND).as("kind of %s", file).isEqualTo(kind);
    assertThat(mode & ~KIND).as("mode of %s", file).isEqualTo(attributes.mode());
    assertThat(attribute(file, "uid")).as("owner of %s", file).isEqualTo(attributes.uid());
    assertThat(attribute(file, "gid")).as("group of %s", file).isEqualTo(attributes.gid());
    FileTime time = (FileTime) attribute(file, "lastModifiedTime");
    assertThat(time.toMillis()).as("time of %s", file).isEqualTo(attributes.modifiedS() * 1000);
  }

  private static Object attribute(Path file, String name) throws Exception {
    return Files.getAttribute(file, "unix:" + name, LinkOption.NOFOLLOW_LINKS);
  }
}
