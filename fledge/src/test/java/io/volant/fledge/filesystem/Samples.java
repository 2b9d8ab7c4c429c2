package io.volant.fledge.filesystem;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.tree.Attributes;
import io.volant.fledge.tree.Content;
import io.volant.fledge.tree.FileTree;
import io.volant.fledge.tree.TreeEntry;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/** Trees to write. */
final class Samples {
  static final long TIME_S = 1_600_000_001;

  /** cap_net_bind_service=ep, as the kernel stores it: with bytes that are no text. */
  static final String CAPABILITY =
      "\u0001\u0000\u0000\u0002\u0000\u0004\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000"
          + "\u0000\u0000\u0000\u0000\u0000";

  static final String ODD_BYTES = "\u0000\u00ff\u0080=\n\u00e9";
  static final String LONG_NAME = "n".repeat(255);
  static final String LONG_TARGET = "../".repeat(60) + "t".repeat(70);
  static final int CROWD = 5000;
  static final int LARGE_BYTES = 3 * 1024 * 1024 + 17;

  private Samples() {}

  /** One of every kind, with owners, modes, times, and names that make trouble. */
  static FileTree everything() throws BuildFailure {
    FileTree tree = new FileTree();
    tree.folder("/", attributes(0751, 33, 50));
    tree.replace("/etc", new TreeEntry.Folder(attributes(0755, 0, 0)));
    tree.file("/etc/www", attributes(0640, 33, 33), Content.of("thirty-three\n"));
    tree.file("/etc/far", attributes(0604, 100_000, 100_001), Content.of("far\n"));
    tree.file("/etc/empty", attributes(0600, 0, 0), Content.of(""));
    tree.file("/etc/set-user", attributes(04755, 0, 0), Content.of("#!/bin/sh\n"));
    tree.replace("/tmp", new TreeEntry.Folder(attributes(01777, 0, 0)));
    tree.replace("/group", new TreeEntry.Folder(attributes(02775, 0, 50)));
    tree.file(
        "/capable",
        attributes(0755, 0, 0)
            .withExtended(extended("security.capability", CAPABILITY, "user.odd", ODD_BYTES)),
        Content.of("x"));
    tree.replace(
        "/labelled",
        new TreeEntry.Folder(attributes(0700, 1, 2).withExtended(extended("user.label", "a b"))));
    tree.replace("/null", device(TreeEntry.Device.Kind.CHARACTER, 1, 3));
    tree.replace("/disk", device(TreeEntry.Device.Kind.BLOCK, 259, 300));
    tree.replace("/pipe", new TreeEntry.Fifo(attributes(0622, 5, 6)));
    tree.replace("/short-link", new TreeEntry.Link(attributes(0777, 11, 12), "etc/www"));
    tree.replace("/long-link", new TreeEntry.Link(attributes(0777, 3_000_000, 0), LONG_TARGET));
    tree.replace("/snow-link", new TreeEntry.Link(attributes(0777, 0, 0), "../../☃"));
    TreeEntry shared = tree.newFile(attributes(0644, 1000, 1000), Content.of("shared\n"));
    tree.replace("/etc/second", shared);
    tree.replace("/first", shared);
    tree.replace("/" + "h".repeat(120), tree.newFile(attributes(0644, 0, 0), Content.of("two")));
    tree.file("/" + LONG_NAME, attributes(0644, 0, 0), Content.of("long\n"));
    tree.file("/naïve-☃-\u65e5\u672c", attributes(0644, 0, 0), Content.of("snow\n"));
    tree.file("/a b \"c\" 'd' \\e", attributes(0644, 0, 0), Content.of("quoted\n"));
    tree.file("/deep" + "/d234567890".repeat(40) + "/leaf", 0644, Content.of("leaf\n"));
    tree.file("/large", attributes(0644, 0, 0), Content.of(random(LARGE_BYTES)));
    tree.file("/zeros", attributes(0644, 0, 0), Content.of(new byte[2 * 1024 * 1024]));
    for (int i = 0; i < CROWD; i++) {
      tree.file("/crowd/file-" + i, 0644, Content.of("number " + i + "\n"));
    }
    return tree;
  }

  static Attributes attributes(int mode, int uid, int gid) {
    return new Attributes(mode, uid, gid, TIME_S, new TreeMap<>());
  }

  static byte[] random(int bytes) {
    byte[] content = new byte[bytes];
    new Random(7).nextBytes(content);
    return content;
  }

  private static TreeEntry device(TreeEntry.Device.Kind kind, int major, int minor) {
    return new TreeEntry.Device(attributes(0660, 3, 4), kind, major, minor);
  }

  private static SortedMap<String, String> extended(String... namesAndValues) {
    SortedMap<String, String> all = new TreeMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      all.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return all;
  }
}
