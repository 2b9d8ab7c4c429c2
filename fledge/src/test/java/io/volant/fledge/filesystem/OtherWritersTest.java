package io.volant.fledge.filesystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.volant.fledge.report.BuildFailure;
import io.volant.fledge.report.ExitCode;
import io.volant.fledge.tool.Tools;
import io.volant.fledge.tree.Attributes;
import io.volant.fledge.tree.Content;
import io.volant.fledge.tree.FileTree;
import io.volant.fledge.tree.TreeEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** xfs and btrfs, and what all kinds have in common. */
@Timeout(180)
class OtherWritersTest {
  @TempDir private Path folder;

  private final Quiet progress = new Quiet();

  @Test
  void xfs_keeps_what_a_prototype_can_say() throws Exception {
    FileTree tree = plain();
    Path image = write(tree, new XfsWriter(options(FilesystemType.XFS), Tools.ofHost()));

    assertThat(progress.warnings).isEmpty();
    run("xfs_repair", "xfsprogs", "-n", "-f", image.toString());
    try (Mounted mounted = Mounted.at(folder.resolve("mounted"), image, "xfs")) {
      Unpacked.check(tree, mounted.folder());
    }
  }

  @Test
  void xfs_tells_what_it_leaves_out() throws Exception {
    FileTree tree = plain();
    TreeEntry shared = tree.newFile(Attributes.ofRoot(0644), Content.of("x"));
    tree.replace("/one", shared);
    tree.replace("/two", shared);
    tree.replace(
        "/capable",
        tree.newFile(
            Attributes.ofRoot(0755).withExtended(new TreeMap<>(Map.of("user.a", "b"))),
            Content.of("x")));

    write(tree, new XfsWriter(options(FilesystemType.XFS), Tools.ofHost()));

    assertThat(progress.warnings)
        .containsExactly(
            "xfs: extended attributes of 1 files are left out",
            "xfs: 1 hard links become files of their own");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "$", ":x", "a\nb", "\"", "#", "a\\b"})
  void xfs_refuses_names_that_are_no_word(String name) throws Exception {
    FileTree tree = new FileTree();
    tree.file("/" + name, 0644, Content.of(""));
    FileTree link = new FileTree();
    link.link("/link", name);

    for (FileTree hostile : List.of(tree, link)) {
      assertThatThrownBy(
              () -> write(hostile, new XfsWriter(options(FilesystemType.XFS), Tools.ofHost())))
          .isInstanceOfSatisfying(
              BuildFailure.class, failure -> assertThat(failure.code()).isEqualTo(ExitCode.INPUT))
          .hasMessageEndingWith("cannot be written to xfs: use squashfs or erofs");
    }
  }

  @Test
  void btrfs_keeps_everything() throws Exception {
    Assumptions.assumeTrue(System.getProperty("user.name").equals("root"), "only root can");
    FileTree tree = Samples.everything();
    Path image = write(tree, new BtrfsWriter(options(FilesystemType.BTRFS), Tools.ofHost(), true));

    run("btrfs", "btrfs-progs", "check", image.toString());
    Path out = Files.createDirectory(folder.resolve("out"));
    run("btrfs", "btrfs-progs", "restore", "-m", "-S", "-x", image.toString(), out.toString());
    assertThat(Files.getAttribute(out.resolve("etc/far"), "unix:uid")).isEqualTo(100_000);
    assertThat(Files.getAttribute(out.resolve("etc/far"), "unix:mode")).isEqualTo(0100604);
    assertThat(Files.getLastModifiedTime(out.resolve("etc/far")).toMillis())
        .isEqualTo(Samples.TIME_S * 1000);
    assertThat(out.resolve("etc/www")).hasContent("thirty-three\n");
    assertThat(out.resolve("large")).hasBinaryContent(Samples.random(Samples.LARGE_BYTES));
    assertThat(run("getcap", "libcap2-bin", out.resolve("capable").toString()))
        .contains("cap_net_bind_service=ep");
  }

  @Test
  void btrfs_is_refused_without_root() {
    assertThatThrownBy(() ->
            write(plain(), new BtrfsWriter(options(FilesystemType.BTRFS), Tools.ofHost(), false)))
        .hasMessageContaining("run fledge as root, or use squashfs, erofs or ext4");
    assertThat(folder.resolve("image")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({
    "SQUASHFS,mksquashfs,squashfs-tools",
    "EXT4,mkfs.ext4,e2fsprogs",
    "XFS,mkfs.xfs,xfsprogs"
  })
  void a_missing_program_is_one_line_and_nothing_is_written(
      FilesystemType type, String program, String debianPackage) {
    FilesystemWriter writer = FilesystemWriters.of(options(type), Tools.in(List.of()));

    assertThatThrownBy(() -> write(plain(), writer))
        .hasMessage(
            program + " is not installed; install it with: apt-get install " + debianPackage);
    assertThat(folder.resolve("image")).doesNotExist();
    assertThat(folder.resolve("scratch")).isEmptyDirectory();
  }

  /** Without what xfs cannot hold. */
  private static FileTree plain() throws BuildFailure {
    FileTree tree = new FileTree();
    tree.folder("/", Samples.attributes(0751, 33, 50));
    tree.replace("/a", new TreeEntry.Folder(Samples.attributes(02755, 1, 2)));
    tree.replace("/a-b", tree.newFile(Samples.attributes(0640, 100_000, 0), Content.of("between")));
    tree.replace("/a/x", tree.newFile(Samples.attributes(04755, 0, 0), Content.of("inside")));
    tree.replace("/tmp", new TreeEntry.Folder(Samples.attributes(01777, 0, 0)));
    tree.replace("/link", new TreeEntry.Link(Samples.attributes(0777, 5, 6), "../naïve"));
    tree.replace("/naïve", tree.newFile(Samples.attributes(0600, 0, 0), Content.of("")));
    tree.replace(
        "/null",
        new TreeEntry.Device(
            Samples.attributes(0666, 0, 0), TreeEntry.Device.Kind.CHARACTER, 1, 3));
    tree.replace("/pipe", new TreeEntry.Fifo(Samples.attributes(0600, 0, 0)));
    tree.replace(
        "/large",
        tree.newFile(Samples.attributes(0644, 0, 0), Content.of(Samples.random(5_000_000))));
    return tree;
  }

  private static FilesystemOptions options(FilesystemType type) {
    return new FilesystemOptions(type, null, 0, false);
  }

  private Path write(FileTree tree, FilesystemWriter writer) throws BuildFailure, IOException {
    Path image = folder.resolve("image");
    Path scratch = folder.resolve("scratch");
    if (!Files.exists(scratch)) {
      Files.createDirectory(scratch);
    }
    writer.write(tree, image, scratch, progress);
    return image;
  }

  private static String run(String program, String debianPackage, String... arguments)
      throws BuildFailure {
    return Tools.ofHost().find(program, debianPackage).call(arguments).run(ExitCode.OUTPUT);
  }
}
