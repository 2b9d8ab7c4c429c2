package io.volant.fledge.filesystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.tool.Tool;
import io.volant.fledge.tool.Tools;
import io.volant.fledge.tree.Attributes;
import io.volant.fledge.tree.Content;
import io.volant.fledge.tree.FileTree;
import io.volant.fledge.tree.TreeEntry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
class Ext4WriterTest {
  private static final FilesystemOptions OPTIONS =
      new FilesystemOptions(FilesystemType.EXT4, null, 0, false);

  @TempDir private Path folder;

  private final Quiet progress = new Quiet();
  private int scratches;

  @Test
  void everything_is_kept_and_the_file_system_is_sound() throws Exception {
    FileTree tree = Samples.everything();
    Path image = write(tree, OPTIONS);

    check(image);
    assertThat(stat(image, "/")).contains("Mode:  0751", "User:    33   Group:    50");
    assertThat(stat(image, "/etc/www"))
        .contains("Type: regular", "Mode:  0640", "User:    33   Group:    33", "Size: 13")
        .contains("mtime: 0x5f5e1001:00000000", "ctime: 0x5f5e1001:00000000")
        .contains("atime: 0x5f5e1001:00000000", "crtime: 0x5f5e1001:00000000");
    assertThat(stat(image, "/etc/far")).contains("User: 100000   Group: 100001");
    assertThat(stat(image, "/etc/set-user")).contains("Mode:  04755");
    assertThat(stat(image, "/tmp")).contains("Type: directory", "Mode:  01777");
    assertThat(stat(image, "/null"))
        .contains("Type: character special", "Mode:  0660", "number: 01:03");
    assertThat(stat(image, "/disk")).contains("Type: block special", "number: 259:300");
    assertThat(stat(image, "/pipe")).contains("Type: FIFO", "User:     5   Group:     6");
    assertThat(stat(image, "/short-link")).contains("Fast link dest: \"etc/www\"");
    assertThat(debug(image, "cat /long-link")).isEqualTo(Samples.LONG_TARGET);
    assertThat(stat(image, "/first")).contains("Links: 2");
    assertThat(stat(image, "/etc/second").lines().findFirst())
        .isEqualTo(stat(image, "/first").lines().findFirst());
    assertThat(stat(image, "/capable")).contains("security.capability (20) = 01 00 00 02 00 04");
    assertThat(debug(image, "ea_get -x /capable user.odd")).contains("00 ff 80 3d 0a e9");
    assertThat(debug(image, "ea_get /labelled user.label")).contains("\"a b\"");
  }

  @Test
  void the_kernel_reads_the_same() throws Exception {
    FileTree tree = Samples.everything();
    try (Mounted mounted = Mounted.at(folder.resolve("mounted"), write(tree, OPTIONS), "ext4")) {
      Unpacked.check(tree, mounted.folder());
      Unpacked.checkExtended(mounted.folder());
    }
  }

  @Test
  void contents_are_kept() throws Exception {
    FileTree tree = Samples.everything();
    Path image = write(tree, OPTIONS);
    Path out = Files.createDirectory(folder.resolve("out"));

    debug(image, "rdump / " + out);

    for (Map.Entry<String, TreeEntry> entry : tree.entries().entrySet()) {
      if (entry.getValue() instanceof TreeEntry.File file) {
        try (InputStream content = file.content().open()) {
          assertThat(out.resolve(entry.getKey().substring(1)))
              .hasBinaryContent(content.readAllBytes());
        }
      }
    }
  }

  @Test
  void two_builds_have_the_same_bytes() throws Exception {
    assertThat(write(Samples.everything(), OPTIONS))
        .hasSameBinaryContentAs(write(Samples.everything(), OPTIONS));
  }

  @Test
  void hundreds_of_names_of_one_file_find_room() throws Exception {
    FileTree tree = new FileTree();
    TreeEntry file = tree.newFile(Attributes.ofRoot(0644), Content.of("x"));
    for (int i = 0; i < 1000; i++) {
      tree.replace("/names/" + "n".repeat(i % 200) + i, file);
    }

    Path image = write(tree, OPTIONS);

    check(image);
    assertThat(stat(image, "/names/0")).contains("Links: 1000");
  }

  @Test
  void early_and_late_times_and_a_lost_and_found_of_its_own_are_kept() throws Exception {
    FileTree tree = new FileTree();
    tree.replace("/lost+found", new TreeEntry.Folder(Samples.attributes(0711, 1, 1)));
    tree.file("/lost+found/file", 0644, Content.of("x"));
    tree.file("/zero", new Attributes(0644, 0, 0, 0, new TreeMap<>()), Content.of(""));
    tree.file("/late", new Attributes(0644, -2, -3, 1L << 40, new TreeMap<>()), Content.of(""));

    Path image = write(tree, OPTIONS);

    check(image);
    assertThat(stat(image, "/lost+found")).contains("Mode:  0711", "mtime: 0x5f5e1001");
    assertThat(stat(image, "/zero")).contains("mtime: 0x00000000");
    assertThat(stat(image, "/late")).contains("mtime: 0x7fffffff", "User:    -2   Group:    -3");
  }

  @Test
  void zeros_take_no_room_unless_all_is_to_be_allocated() throws Exception {
    FileTree tree = new FileTree();
    tree.file("/zeros", 0644, Content.of(new byte[8 << 20]));

    Path sparse = write(tree, new FilesystemOptions(FilesystemType.EXT4, null, 50, false));
    Path whole = write(tree, new FilesystemOptions(FilesystemType.EXT4, null, 50, true));

    assertThat(allocatedBytes(sparse)).isLessThan(8 << 20);
    assertThat(allocatedBytes(whole)).isGreaterThanOrEqualTo(Files.size(whole));
    assertThat(whole).hasSameBinaryContentAs(sparse);
  }

  @Test
  void the_buffer_is_free() throws Exception {
    FileTree tree = new FileTree();
    tree.file("/data", 0644, Content.of(Samples.random(20 << 20)));

    String statistics =
        debug(write(tree, new FilesystemOptions(FilesystemType.EXT4, null, 64, false)), "stats -h");

    long freeBlocks =
        statistics
            .lines()
            .filter(line -> line.startsWith("Free blocks:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D+", "")))
            .findFirst()
            .orElseThrow();
    assertThat(freeBlocks * 4096).isBetween(64L << 20, 70L << 20);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<2>",
        "<12>",
        "!touch injected",
        "-f",
        "#comment",
        "a\"b",
        "\"",
        "a;b|c&d$(e)`f`",
        "a\\\"b\\",
        "\ttab ",
        "\u001b[31m"
      })
  void a_name_is_only_ever_a_name(String name) throws Exception {
    FileTree tree = new FileTree();
    tree.file("/folder/" + name, Samples.attributes(0600, 5, 5), Content.of("x"));
    tree.folder("/folders/" + name, Samples.attributes(0700, 6, 6));
    tree.file("/folders/" + name + "/inside", 0644, Content.of("y"));
    tree.replace("/links/" + name, new TreeEntry.Link(Attributes.ofRoot(0777), name));
    tree.replace("/pipes/" + name, new TreeEntry.Fifo(Attributes.ofRoot(0600)));

    Path image = write(tree, OPTIONS);

    check(image);
    assertThat(stat(image, "/")).contains("Mode:  0755", "User:     0");
    for (String parent : List.of("/folder", "/folders", "/links", "/pipes")) {
      assertThat(debug(image, "ls -p " + parent)).contains("/" + name + "/");
    }
    assertThat(folder.resolve("scratch1").resolve("injected")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\nrm /etc", "a\rb", "\n"})
  void a_name_with_a_line_break_is_refused(String name) throws Exception {
    FileTree file = new FileTree();
    file.file("/" + name, 0644, Content.of(""));
    assertRefused(file);

    FileTree link = new FileTree();
    link.link("/link", name);
    assertRefused(link);

    FileTree extended = new FileTree();
    extended.file(
        "/a",
        Attributes.ofRoot(0644).withExtended(new TreeMap<>(Map.of("user." + name, ""))),
        Content.of(""));
    assertRefused(extended);
  }

  private void assertRefused(FileTree tree) {
    assertThatThrownBy(() -> write(tree, OPTIONS))
        .isInstanceOfSatisfying(
            BuildFailure.class,
            failure -> {
              assertThat(failure.code()).isEqualTo(ExitCode.INPUT);
              assertThat(failure.getMessage())
                  .contains("has a line break")
                  .endsWith("use squashfs or erofs")
                  .doesNotContain("\n");
            });
  }

  private Path write(FileTree tree, FilesystemOptions options) throws BuildFailure, IOException {
    scratches++;
    Path scratch = Files.createDirectory(folder.resolve("scratch" + scratches));
    Path image = folder.resolve("image" + scratches);
    FilesystemWriters.of(options, Tools.ofHost()).write(tree, image, scratch, progress);
    return image;
  }

  private static void check(Path image) throws BuildFailure {
    Tools.ofHost().find("e2fsck", "e2fsprogs").call("-fn", image.toString()).run(ExitCode.OUTPUT);
  }

  private static String stat(Path image, String path) throws BuildFailure {
    return debug(image, "stat " + path);
  }

  private static String debug(Path image, String command) throws BuildFailure {
    Tool debugfs = Tools.ofHost().find("debugfs", "e2fsprogs");
    return debugfs.call("-R", command, image.toString()).run(ExitCode.OUTPUT);
  }

  private static long allocatedBytes(Path image) throws BuildFailure {
    String blocks =
        Tools.ofHost()
            .find("stat", "coreutils")
            .call("-c", "%b", image.toString())
            .run(ExitCode.OUTPUT);
    return Long.parseLong(blocks.strip()) * 512;
  }
}
